// What an error code says, as the end of a sentence: "connect to 127.0.0.1:9: connection refused".
#pragma once

#include <boost/system/error_code.hpp>
#include <cctype>
#include <string>

namespace hermes::base {

inline std::string error_text(const boost::system::error_code& ec) {
    std::string text = ec.message();
    if (!text.empty()) {
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    }
    return text;
}

}  // namespace hermes::base
