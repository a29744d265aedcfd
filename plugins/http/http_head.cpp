#include "http/http_head.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdio>

namespace hermes::http {

namespace {

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value) {
        out.push_back(c == '\r' || c == '\n' ? ' ' : c);
    }
    out.append("\r\n");
}

}  // namespace

std::string_view DateText::at(std::time_t now) {
    if (now == formatted_for_) {
        return text_;
    }
    // Not strftime: its names of days and months follow the process's locale.
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                  months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                  utc.tm_min, utc.tm_sec);
    text_ = text.data();
    formatted_for_ = now;
    return text_;
}

bool may_have_body(unsigned status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

void append_request_head(std::string& out, const HttpClientRequest& request,
                         std::string_view target, std::string_view host) {
    out.append(request.method).append(" ").append(target).append(" HTTP/1.1\r\n");
    append_field(out, "Host", host);
    for (const auto& [name, value] : request.headers) {
        append_field(out, name, value);
    }
    // RFC 9110 8.6: a method that means to send something says so even when it is nothing.
    const auto body_bytes = request.source ? request.source_bytes : request.body.size();
    if (body_bytes != 0 || (request.method != "GET" && request.method != "HEAD")) {
        out.append("Content-Length: ");
        append_number(out, body_bytes);
        out.append("\r\n");
    }
    out.append("\r\n");
}

void append_response_head(std::string& out, const HttpResponse& response, AfterResponse after,
                          std::string_view date) {
    const auto reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
    out.append("HTTP/1.1 ");
    append_number(out, response.status);
    out.append(" ").append(reason.data(), reason.size()).append("\r\n");
    append_field(out, "Date", date);
    if (may_have_body(response.status)) {
        if (!response.content_type.empty()) {
            append_field(out, "Content-Type", response.content_type);
        }
        out.append("Content-Length: ");
        append_number(out, response.body.size());
        out.append("\r\n");
    }
    for (const auto& [name, value] : response.headers) {
        append_field(out, name, value);
    }
    if (after == AfterResponse::close) {
        out.append("Connection: close\r\n");
    } else if (after == AfterResponse::keep_alive_http10) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

}  // namespace hermes::http
