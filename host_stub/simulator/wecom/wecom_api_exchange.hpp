// A call while it is answered: what the parts of WecomApi share, and nobody else.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <string>

#include "simulator/wecom/api_call.hpp"
#include "simulator/wecom/wecom_api.hpp"

namespace hermes::host::simulator {

// One call and all that is found out about it.
struct WecomApi::Exchange {
    ApiRequest request;
    ApiCall call;
    const App* app = nullptr;  // whose call it is, also where its token is no longer valid
    int errcode = 0;           // why it is refused
    std::string errmsg{};      // in other words than usual
    ParsedSend send{};
    SendOutcome outcome{};
    std::string file_name{};  // of what is sent
    std::optional<Fault> fault{};
};

inline http::HttpResponse json_response(const boost::json::object& reply) {
    return {.status = 200,
            .body = boost::json::serialize(reply),
            .content_type = "application/json; charset=UTF-8"};
}

}  // namespace hermes::host::simulator
