// The bytes of a request or response before its body.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "http/http_client.hpp"
#include "http/http_server.hpp"

namespace hermes::http {

enum class AfterResponse { keep_alive, keep_alive_http10, close };

// The Date field's value (RFC 9110 5.6.7), formatted once a second: it is in every response.
class DateText {
public:
    std::string_view at(std::time_t now);

private:
    std::time_t formatted_for_ = -1;
    std::string text_;
};

// Appends request line and header fields to `out`. Here and below a line break inside a value
// becomes a space, so that no value can add a field. `host` is what the Host field says.
void append_request_head(std::string& out, const HttpClientRequest& request,
                         std::string_view target, std::string_view host);

void append_response_head(std::string& out, const HttpResponse& response, AfterResponse after,
                          std::string_view date);

// Whether responses of this status have a body at all (RFC 9110 6.4.1).
bool may_have_body(unsigned status) noexcept;

}  // namespace hermes::http
