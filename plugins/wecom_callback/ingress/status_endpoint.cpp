#include "ingress/status_endpoint.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace hermes::wecom {

using http::HttpResponse;

namespace {

bool reads(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

HttpResponse not_allowed() {
    return {.status = 405, .body = "method not allowed\n", .headers = {{"Allow", "GET, HEAD"}}};
}

}  // namespace

HttpResponse health_response(std::string_view method, const durable::StoreHealth& health,
                             const std::vector<std::string>& warnings) {
    if (!reads(method)) {
        return not_allowed();
    }
    HttpResponse response{.body = {}, .content_type = "application/json"};
    if (!health.available) {
        response.status = 503;
        response.body = boost::json::serialize(
            boost::json::object{{"status", "unavailable"}, {"problem", health.summary}});
    } else if (warnings.empty()) {
        response.body = R"({"status": "ok"})";
    } else {
        response.body = boost::json::serialize(boost::json::object{
            {"status", "ok"}, {"warnings", boost::json::array(warnings.begin(), warnings.end())}});
    }
    return response;
}

HttpResponse metrics_response(std::string_view method, const http::Metrics& metrics) {
    if (!reads(method)) {
        return not_allowed();
    }
    return {.body = metrics.text(), .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

}  // namespace hermes::wecom
