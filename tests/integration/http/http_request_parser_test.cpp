// The same bytes are the same request, however the network cut them.
#include <doctest/doctest.h>

#include <boost/beast/http/error.hpp>
#include <limits>

#include "support/request_in_pieces.hpp"

using namespace hermes::test;
using End = ParsedRequest::End;
namespace http = boost::beast::http;

namespace {

ParsedRequest whole(std::string_view bytes) {
    return parse_in_pieces(bytes, [] { return std::numeric_limits<std::size_t>::max(); });
}

ParsedRequest by_bytes(std::string_view bytes) {
    return parse_in_pieces(bytes, [] { return 1; });
}

const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_SUITE("support/http request parser") {
    TEST_CASE("a header over the limit is refused in one piece as in many") {
        const std::string half(parser_header_bytes_max * 2 / 3, 'x');
        for (const std::string& head :
             {"GET /" + half + " HTTP/1.1\r\nHost: a\r\nB: " + half + "\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nA: " + half + "\r\nB: " + half + "\r\n\r\n"}) {
            CHECK(whole(head).refusal == http::error::header_limit);
            CHECK(by_bytes(head).refusal == http::error::header_limit);
        }
    }

    TEST_CASE("trailers over the limit are refused in one piece as in many") {
        const std::string half(parser_header_bytes_max * 2 / 3, 'x');
        const std::string request =
            chunked + "1\r\nx\r\n0\r\nA: " + half + "\r\nB: " + half + "\r\n\r\n";
        CHECK(whole(request).refusal == http::error::bad_chunk);
        CHECK(by_bytes(request).refusal == http::error::bad_chunk);
    }

    TEST_CASE("more field lines than a hundred are refused, in the header and behind the body") {
        std::string lines;
        for (std::size_t i = 0; i <= hermes::http::header_fields_max; ++i) {
            lines += "A:\r\n";
        }
        CHECK(whole("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n").end == End::refused);
        CHECK(whole(chunked + "0\r\n" + lines + "\r\n").end == End::refused);
    }

    TEST_CASE("an empty line before a request is skipped, in one piece or two") {
        const std::string request = "\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\nrest";
        for (const auto& parsed : {whole(request), by_bytes(request)}) {
            CHECK(parsed.end == End::complete);
            CHECK(parsed.target == "/a");
            CHECK(parsed.rest == "rest");
        }
        CHECK(by_bytes("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n").end == End::refused);
        CHECK(whole("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n").end == End::refused);
    }

    TEST_CASE("an empty chunked body may be cut anywhere") {
        const std::string request = chunked + "0\r\n\r\n";
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            CAPTURE(cut);
            const auto parsed = parse_in_pieces(request, [cut] { return cut; });
            CHECK(parsed.end == End::complete);
            CHECK(parsed.body.empty());
        }
        CHECK(by_bytes(request).end == End::complete);
    }

    TEST_CASE("chunks are one body, and what follows is the next request's") {
        const std::string request =
            chunked + "3\r\nabc\r\n00a;x=y\r\ndefghijklm\r\n0\r\nA: b\r\n\r\nGET";
        for (const auto& parsed : {whole(request), by_bytes(request)}) {
            CHECK(parsed.end == End::complete);
            CHECK(parsed.body == "abcdefghijklm");
            CHECK(parsed.rest == "GET");
        }
    }

    TEST_CASE("lines of one field are joined in order, whatever stands between them") {
        hermes::http::ReceivedRequest request("127.0.0.1");
        request.set_request_line("GET", "/");
        request.add_field("A", "1");
        request.add_field("B", "x");
        request.add_field("a", "2");
        request.add_field("C", "");
        request.add_field("b", "y");
        request.add_field("c", "z");
        request.add_field("A", "3");
        CHECK(request.header("a") == "1, 2, 3");
        CHECK(request.header("b") == "x, y");
        CHECK(request.header("c") == ", z");
        CHECK(request.method() == "GET");
        CHECK(request.target() == "/");
    }
}
