// Beast's parser of responses, held to what a server may make us keep.
#pragma once

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <cstdint>

namespace hermes::http {

// Of the fields of a response: those of its head, and its trailers.
inline constexpr std::uint32_t response_header_bytes_max = 64 * 1024;

template <typename Body>
class ResponseParser final : public boost::beast::http::response_parser<Body> {
public:
    ResponseParser() { this->header_limit(response_header_bytes_max); }

private:
    using string_view = boost::beast::string_view;

    // Beast holds its limit against each piece of a head that it looks at, and not against trailers
    // at all; and it throws at a value of 64 KiB.
    void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                       boost::beast::error_code& ec) override {
        field_bytes_ += name.size() + value.size() + line_bytes;
        if (field_bytes_ > response_header_bytes_max) {
            ec = boost::beast::http::error::header_limit;
        } else if (!this->is_header_done()) {  // what a trailer says came too late to count
            this->get().insert(field, name, value);
        }
    }

    static constexpr std::size_t line_bytes = 4;  // ": " and the line's end
    std::size_t field_bytes_ = 0;
};

}  // namespace hermes::http
