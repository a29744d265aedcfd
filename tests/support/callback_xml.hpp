// What WeCom writes and the gateway only reads: the outer XML of a callback.
#pragma once

#include <string>
#include <string_view>

#include "protocol/envelope.hpp"

namespace hermes::test {

// Text as a CDATA section, split where it contains `]]>`.
inline std::string xml_cdata(std::string_view text) {
    constexpr std::string_view opening = "<![CDATA[";
    constexpr std::string_view closing = "]]>";
    std::string section(opening);
    section.reserve(opening.size() + text.size() + closing.size());
    for (auto at = text.find(closing); at != std::string_view::npos; at = text.find(closing)) {
        // `]]` ends this section, `>` begins the next.
        section.append(text.substr(0, at + 2)).append(closing).append(opening);
        text.remove_prefix(at + 2);
    }
    return section.append(text).append(closing);
}

inline std::string format_envelope(const wecom::Envelope& envelope) {
    return "<xml><ToUserName>" + xml_cdata(envelope.to_user_name) + "</ToUserName><AgentID>" +
           xml_cdata(envelope.agent_id) + "</AgentID><Encrypt>" + xml_cdata(envelope.encrypt) +
           "</Encrypt></xml>";
}

}  // namespace hermes::test
