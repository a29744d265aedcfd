// What an error code says, as the end of a sentence: "connect to 127.0.0.1:9: connection refused".
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "base/ascii.hpp"

namespace hermes::base {

inline std::string error_text(const boost::system::error_code& ec) {
    std::string text = ec.message();
    if (!text.empty()) {
        text[0] = lower(text[0]);
    }
    return text;
}

}  // namespace hermes::base
