#include "http/http_request_parser.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <utility>

namespace hermes::http {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// More than this is not reserved on a client's word; what really arrives may be more.
constexpr std::uint64_t body_reserve_max = std::uint64_t{64} * 1024;

std::string_view to_std(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

// "http://host/path?query" -> "/path?query".
std::string_view without_authority(std::string_view target) noexcept {
    for (const beast::string_view scheme : {"http://", "https://"}) {
        if (beast::iequals({target.data(), std::min(target.size(), scheme.size())}, scheme)) {
            target.remove_prefix(scheme.size());
            target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
            return target.empty() ? std::string_view("/") : target;
        }
    }
    return target;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

}  // namespace

ReceivedRequest::ReceivedRequest(std::string remote_address)
    : remote_address_(std::move(remote_address)) {}

std::string_view ReceivedRequest::header(std::string_view name) const noexcept {
    for (const Field& field : fields_) {
        if (same_name(view(field.name), name)) {
            return view(field.value);
        }
    }
    return {};
}

void ReceivedRequest::clear() noexcept {
    header_text_.clear();
    method_ = {};
    target_ = {};
    fields_.clear();
    body_.clear();
}

void ReceivedRequest::set_request_line(std::string_view method, std::string_view target) {
    method_ = append(method);
    target_ = append(without_authority(target));
}

void ReceivedRequest::add_field(std::string_view name, std::string_view value) {
    for (Field& field : fields_) {
        if (same_name(view(field.name), name)) {
            return join(field, value);
        }
    }
    const Span name_span = append(name);
    fields_.push_back({name_span, append(value)});
}

// In its place: a copy of the whole for each line would cost the square of what was sent.
void ReceivedRequest::join(Field& field, std::string_view value) {
    static constexpr std::string_view separator = ", ";
    const std::size_t end = field.value.begin + field.value.size;
    const std::size_t added = separator.size() + value.size();
    header_text_.insert(end, separator).insert(end + separator.size(), value);
    for (Field& other : fields_) {
        for (Span* span : {&other.name, &other.value}) {
            const bool behind = span->begin >= end && span != &field.value;
            span->begin += behind ? added : 0;
        }
    }
    field.value.size += added;
}

void ReceivedRequest::shrink_body(std::size_t bytes_max) {
    if (body_.capacity() > bytes_max) {
        body_ = std::string();
    }
}

ReceivedRequest::Span ReceivedRequest::append(std::string_view text) {
    const Span span{header_text_.size(), text.size()};
    header_text_.append(text);
    return span;
}

std::string_view ReceivedRequest::view(Span span) const noexcept {
    return {header_text_.data() + span.begin, span.size};
}

RequestParser::RequestParser(ReceivedRequest& request, std::size_t header_bytes_max,
                             std::size_t body_bytes_max)
    : request_(request), header_bytes_max_(header_bytes_max) {
    header_limit(static_cast<std::uint32_t>(header_bytes_max));
    body_limit(body_bytes_max);
    request_.clear();
}

beast::error_code RequestParser::take(beast::flat_buffer& input) {
    error_code ec;
    while (!ec && !is_done() && !must_wait(input)) {
        const bool in_header = !is_header_done();
        const std::size_t body_bytes = request_.body().size();
        const std::size_t consumed = put(input.cdata(), ec);
        input.consume(consumed);
        if (ec && ec != http::error::need_more) {
            return ec;
        }
        const std::size_t framing_bytes = consumed - (request_.body().size() - body_bytes);
        // Beast holds its limit against each piece that it looks at, and not against the whole.
        if (in_header) {
            header_bytes_ += framing_bytes;
            if (header_bytes_ + (is_header_done() ? 0 : input.size()) > header_bytes_max_) {
                return http::error::header_limit;
            }
        } else if (framing_bytes > header_bytes_max_ ||
                   (ec == http::error::need_more && input.size() > header_bytes_max_)) {
            return http::error::bad_chunk;
        }
    }
    return {};
}

// More is needed before there is anything to parse.
bool RequestParser::must_wait(beast::flat_buffer& input) {
    if (!got_some()) {
        // RFC 9112 2.2: some clients send an empty line after the request before.
        const auto* bytes = static_cast<const char*>(input.cdata().data());
        std::size_t skipped = 0;
        while (skipped + 1 < input.size() && bytes[skipped] == '\r' && bytes[skipped + 1] == '\n') {
            skipped += 2;
        }
        input.consume(skipped);
        return input.size() == 0 || (input.size() == 1 && bytes[skipped] == '\r');
    }
    // An empty chunked body: Beast insists on five bytes where it comes back to its last chunk.
    static constexpr std::string_view last_chunk = "0\r\n";
    const std::string_view bytes(static_cast<const char*>(input.cdata().data()), input.size());
    return bytes.empty() || (is_header_done() && chunked() && bytes.starts_with(last_chunk) &&
                             bytes.size() < last_chunk.size() + 2);
}

void RequestParser::on_request_impl(http::verb, string_view method, string_view target, int version,
                                    error_code&) {
    is_http10_ = version == 10;
    request_.set_request_line(to_std(method), to_std(target));
}

void RequestParser::on_response_impl(int, string_view, int, error_code&) {}

void RequestParser::on_field_impl(http::field field, string_view name, string_view value,
                                  error_code& ec) {
    if (++field_lines_ > header_fields_max) {
        ec = http::error::header_limit;
        return;
    }
    if (is_header_done()) {
        return;  // a trailer: what it says came too late to count
    }
    if (field == http::field::expect) {
        expects_continue_ = beast::iequals(value, "100-continue");
    } else if (field == http::field::transfer_encoding) {
        has_transfer_encoding_ = true;
    } else if (field == http::field::host) {
        ++host_fields_;
    }
    request_.add_field(to_std(name), to_std(value));
}

void RequestParser::on_header_impl(error_code& ec) {
    // RFC 9112 6.3: where a request's body would end can't be known then, and to guess is how
    // requests are smuggled.
    if (has_transfer_encoding_ && !chunked()) {
        ec = http::error::bad_transfer_encoding;
    }
    // RFC 9112 3.2: one, and in HTTP/1.0 at most one.
    if (host_fields_ > 1 || (host_fields_ == 0 && !is_http10_)) {
        ec = http::error::bad_field;
    }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
    request_.reserve_body(static_cast<std::size_t>(std::min(length.value_or(0), body_reserve_max)));
}

std::size_t RequestParser::on_body_impl(string_view part, error_code&) {
    request_.append_body(to_std(part));
    return part.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& ec) {
    extension_bytes_ += extensions.size();
    if (extension_bytes_ > header_bytes_max_) {
        ec = http::error::bad_chunk_extension;
    }
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view part, error_code&) {
    request_.append_body(to_std(part));
    return part.size();
}

void RequestParser::on_finish_impl(error_code&) {}

}  // namespace hermes::http
