// One API call as it was read: which call, its query, and what of it may be shown.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "simulator/wecom/faults.hpp"

namespace hermes::host::simulator {

struct ApiCall {
    Call call = Call::other;
    std::string path;
    std::map<std::string, std::string, std::less<>> query;  // decoded; the first of each name

    // The value; empty if absent.
    std::string_view parameter(std::string_view name) const noexcept;
};
ApiCall parse_api_call(std::string_view method, std::string_view target);

// The method, target and body with the values of corpsecret and access_token replaced by ****.
std::string mask_request(std::string_view method, std::string_view target, std::string_view body);
// A JSON answer with the value of access_token replaced.
std::string mask_response(std::string_view body);

}  // namespace hermes::host::simulator
