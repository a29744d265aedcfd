// The outer XML of a callback (WeCom doc 90238):
//
//   <xml><ToUserName>corp id</ToUserName><AgentID>1000002</AgentID><Encrypt>base64</Encrypt></xml>
//
// ToUserName and AgentID are not covered by the signature: they only hint at the app to try.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

struct Envelope {
    std::string to_user_name;
    std::string agent_id;  // empty where WeCom leaves it out
    std::string encrypt;   // white space around it removed
};

// Errors: not_xml, forbidden_xml, no_encrypt.
base::Result<Envelope> parse_envelope(std::string_view body);

}  // namespace hermes::wecom
