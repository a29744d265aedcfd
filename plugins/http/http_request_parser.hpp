// One request on its way in: parsed into storage that its connection reuses, so that a request on a
// connection that is open already costs no allocation.
//
// Pure: bytes go in through RequestParser::take, and what they meant is in the ReceivedRequest.
// However they were cut on their way, the same bytes are the same request, or none.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "http/http_server.hpp"

namespace hermes::http {

// Beyond so many field lines a request is refused like one whose header is too long.
inline constexpr std::size_t header_fields_max = 100;

class ReceivedRequest final : public HttpRequest {
public:
    explicit ReceivedRequest(std::string remote_address);

    std::string_view method() const noexcept override { return view(method_); }
    std::string_view target() const noexcept override { return view(target_); }
    std::string_view body() const noexcept override { return body_; }
    std::string_view header(std::string_view name) const noexcept override;
    const std::string& remote_address() const noexcept override { return remote_address_; }
    std::chrono::steady_clock::time_point begun() const noexcept override { return begun_; }

    void set_begun(std::chrono::steady_clock::time_point when) noexcept { begun_ = when; }
    void clear() noexcept;
    // The target as its path and query, whichever form it came in (RFC 9112 3.2.2).
    void set_request_line(std::string_view method, std::string_view target);
    // Fields of one name are joined by ", " (RFC 9110 5.3).
    void add_field(std::string_view name, std::string_view value);
    void append_body(std::string_view part) { body_.append(part); }
    void reserve_body(std::size_t bytes) { body_.reserve(bytes); }
    // Gives back what an unusually large request made it take.
    void shrink_body(std::size_t bytes_max);

private:
    struct Span {
        std::size_t begin = 0;
        std::size_t size = 0;
    };
    struct Field {
        Span name;
        Span value;
    };
    Span append(std::string_view text);
    void join(Field& field, std::string_view value);
    std::string_view view(Span span) const noexcept;

    std::string remote_address_;
    std::chrono::steady_clock::time_point begun_{};
    std::string header_text_;  // what the spans point into
    Span method_;
    Span target_;
    std::vector<Field> fields_;
    std::string body_;
};

class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    RequestParser(ReceivedRequest& request, std::size_t header_bytes_max,
                  std::size_t body_bytes_max);

    // Consumes what it understands of `input`, and leaves what belongs to the next request. An
    // error: the request is to be refused. None: is_done(), or it needs more, and what is left in
    // `input` is then no longer than header_bytes_max.
    boost::beast::error_code take(boost::beast::flat_buffer& input);

    bool expects_continue() const noexcept { return expects_continue_; }
    bool is_http10() const noexcept { return is_http10_; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    bool must_wait(boost::beast::flat_buffer& input);

    void on_request_impl(boost::beast::http::verb verb, string_view method, string_view target,
                         int version, error_code& ec) override;
    void on_response_impl(int code, string_view reason, int version, error_code& ec) override;
    void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                       error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
    std::size_t on_body_impl(string_view part, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view part, error_code& ec) override;
    void on_finish_impl(error_code& ec) override;

    ReceivedRequest& request_;
    const std::size_t header_bytes_max_;
    std::size_t header_bytes_ = 0;
    std::size_t extension_bytes_ = 0;  // of all chunks
    std::size_t field_lines_ = 0;
    int host_fields_ = 0;
    bool is_http10_ = false;
    bool expects_continue_ = false;
    bool has_transfer_encoding_ = false;
};

}  // namespace hermes::http
