// What anyone who reaches the port can send. The first byte decides how the rest is cut.
#include <limits>

#include "fuzz/property.hpp"
#include "support/request_in_pieces.hpp"

using namespace hermes::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto bytes = text_of(data + 1, size - 1);
    const auto whole =
        parse_in_pieces(bytes, [] { return std::numeric_limits<std::size_t>::max(); });
    const auto single = parse_in_pieces(bytes, [] { return 1; });
    std::size_t state = data[0];
    const auto cut = parse_in_pieces(bytes, [&state] {
        state = (state * 5 + 3) % 256;
        return state % 37;
    });
    for (const auto* pieces : {&single, &cut}) {
        // What is malformed may be refused before its end has come, or then.
        property((pieces->end == ParsedRequest::End::complete) ==
                     (whole.end == ParsedRequest::End::complete),
                 "however it is cut, it is a request or it is none");
        property(pieces->method == whole.method && pieces->target == whole.target &&
                     pieces->host == whole.host && pieces->body == whole.body,
                 "however it is cut, it is the same request");
        property(pieces->rest == whole.rest, "and the next request begins in the same place");
    }
    property(whole.body.size() <= parser_body_bytes_max, "a body keeps its limit");
    property(single.held_bytes_max <= parser_header_bytes_max + 1,
             "what is not understood yet keeps the limit of a header");
    return 0;
}
