// A request as RequestParser understands it, with its bytes cut anywhere on their way.
#pragma once

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstring>
#include <string>
#include <string_view>

#include "http/http_request_parser.hpp"

namespace hermes::test {

inline constexpr std::size_t parser_header_bytes_max = 512;
inline constexpr std::size_t parser_body_bytes_max = 1024;

struct ParsedRequest {
    enum class End { unfinished, complete, refused };
    End end = End::unfinished;
    boost::beast::error_code refusal;
    std::string method, target, host, body;  // of a complete one
    std::string rest;                        // what belongs to the next request
    std::size_t held_bytes_max = 0;          // of input that the parser had not yet consumed
};

// `next_piece()` says how many bytes come at once; 0 counts as 1.
template <typename NextPiece>
ParsedRequest parse_in_pieces(std::string_view bytes, NextPiece next_piece) {
    using namespace hermes::http;
    ParsedRequest parsed;
    ReceivedRequest request("127.0.0.1");
    RequestParser parser(request, parser_header_bytes_max, parser_body_bytes_max);
    boost::beast::flat_buffer input;
    while (!bytes.empty() && !parsed.refusal && !parser.is_done()) {
        const std::size_t size = std::clamp<std::size_t>(next_piece(), 1, bytes.size());
        std::memcpy(input.prepare(size).data(), bytes.data(), size);
        input.commit(size);
        bytes.remove_prefix(size);
        parsed.refusal = parser.take(input);
        parsed.held_bytes_max = std::max(parsed.held_bytes_max, input.size());
    }
    if (parsed.refusal) {
        parsed.end = ParsedRequest::End::refused;
    } else if (parser.is_done()) {
        parsed.end = ParsedRequest::End::complete;
        parsed.method = request.method();
        parsed.target = request.target();
        parsed.host = request.header("host");
        parsed.body = request.body();
        parsed.rest.assign(static_cast<const char*>(input.cdata().data()), input.size());
        parsed.rest += bytes;
    }
    return parsed;
}

}  // namespace hermes::test
