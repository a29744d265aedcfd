// Whatever frames a message counts as much as what it frames: nobody makes us buffer without end.
#include <doctest/doctest.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "http/http_client.hpp"
#include "http/http_response_parser.hpp"
#include "integration/durable/process_memory.hpp"
#include "running_server.hpp"
#include "support/http_scripted_server.hpp"

using namespace hermes::test;
using hermes::http::HttpClient;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;

namespace {

constexpr std::size_t megabyte = std::size_t{1024} * 1024;
// Of the whole process, for one element of a megabyte: the other side of the connection is in it
// too.
constexpr long kilobytes_max = 1'024;

const std::string long_text(megabyte, 'x');
const std::string chunked_request =
    "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string chunked_response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Element {
    const char* name;
    std::string before;  // of the megabyte
};

bool measures_memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    return true;
#endif
}

long grown_since(long before) {
    return measures_memory() ? resident_kilobytes() - before : 0;
}

}  // namespace

TEST_SUITE("support/http framing") {
    TEST_CASE("every framing element of a megabyte is refused by the server, in little memory") {
        const RunningServer server;
        server.raw(get("/"));  // what the first connection costs
        for (const auto& [name, before] :
             {Element{"target", "GET /"}, Element{"method", ""},
              Element{"field name", "GET / HTTP/1.1\r\n"},
              Element{"field value", "GET / HTTP/1.1\r\nHost: "},
              Element{"chunk size", chunked_request + "0000000000000000"},
              Element{"chunk extension", chunked_request + "1;a="},
              Element{"later chunk extension", chunked_request + "1\r\nx\r\n1;a="},
              Element{"trailer name", chunked_request + "0\r\n"},
              Element{"trailer value", chunked_request + "0\r\nA: "}}) {
            CAPTURE(name);
            const auto memory = resident_kilobytes();
            auto client = server.connect();
            client.send(before);
            client.send(long_text);
            const auto refused = client.read_message();
            REQUIRE(refused);
            CHECK(refused->status() >= 400);
            CHECK(refused->status() < 500);
            CHECK(refused->field("connection") == "close");
            CHECK(client.ends());
            CHECK(grown_since(memory) < kilobytes_max);
        }
    }

    TEST_CASE("many small framing elements together are refused as well") {
        const RunningServer server;
        std::string extensions;
        std::string trailers = chunked_request + "0\r\n";
        for (int i = 0; i < 3'000; ++i) {
            extensions += "1;name=value\r\nx\r\n";
            trailers += "Name: value\r\n";
        }
        for (const auto& bytes : {chunked_request + extensions, trailers}) {
            auto client = server.connect();
            client.send(bytes);
            const auto refused = client.read_message();
            REQUIRE(refused);
            CHECK(refused->status() == 400);
            CHECK(client.ends());
        }
    }

    TEST_CASE("a chunked body with ordinary framing is taken, however it is cut") {
        const RunningServer server;
        auto client = server.connect();
        client.send(chunked_request);
        for (const char c :
             std::string("3;a=b\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nA: b\r\n\r\n")) {
            client.send(std::string(1, c));
        }
        const auto taken = client.read_message();
        REQUIRE(taken);
        CHECK(taken->status() == 200);
        CHECK(taken->body.find("abc0123456789abcdef") != std::string::npos);
    }

    TEST_CASE("the client gives a reply up whose framing does not end, in little memory") {
        for (const auto& [name, before] :
             {Element{"status line", "HTTP/1.1 200 "},
              Element{"field value", "HTTP/1.1 200 OK\r\nA: "},
              Element{"chunk size", chunked_response + "0000000000000000"},
              Element{"chunk extension", chunked_response + "1;a="},
              Element{"trailer", chunked_response + "0\r\nA: "}}) {
            CAPTURE(name);
            const HttpScriptedServer server([&before = before](HttpSocket& connection, int) {
                connection.read_head();
                connection.send(before);
                for (int i = 0; i < 64 && connection.send(long_text); ++i) {
                }
            });
            HttpClient client;
            HttpClientRequest request;
            request.url = server.url();
            const auto memory = resident_kilobytes();
            const auto reply = client.fetch(request);
            CHECK(reply.outcome == HttpOutcome::maybe_sent);
            CHECK_FALSE(reply.problem.empty());
            CHECK(grown_since(memory) < 2 * kilobytes_max);
        }
    }

    TEST_CASE("the client gives a reply up whose trailer ends, but beyond the limit") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            while (connection.read_head()) {
                connection.send(chunked_response + "0\r\nA: " + std::string(70'000, 'x') +
                                "\r\n\r\n");
            }
        });
        HttpClient client;
        HttpClientRequest request;
        request.url = server.url();
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK_FALSE(reply.problem.empty());
    }

    TEST_CASE("the client does not take a reply's trailer for a header") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            while (connection.read_head()) {
                connection.send(chunked_response + "3\r\nabc\r\n0\r\nA: b\r\n\r\n");
            }
        });
        HttpClient client;
        HttpClientRequest request;
        request.url = server.url();
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::replied);
        CHECK(reply.body == "abc");
        CHECK(reply.header("A") == "");
    }

    TEST_CASE("the fields of a reply count together, however they were cut on their way") {
        hermes::http::ResponseParser<boost::beast::http::string_body> parser;
        boost::beast::error_code ec;
        std::string_view bytes = "HTTP/1.1 200 OK\r\nN";
        std::size_t taken = 0;
        do {  // each piece ends a byte into the next line
            const auto used = parser.put(boost::asio::buffer(bytes), ec);
            taken += used;
            bytes = "Name: value\r\nN";
        } while (ec == boost::beast::http::error::need_more && taken < megabyte);
        CHECK(ec == boost::beast::http::error::header_limit);
        CHECK(taken <= hermes::http::response_header_bytes_max + bytes.size());
    }

    // --- RFC 9112 --------------------------------------------------------------------------------

    TEST_CASE("a request names its host once (3.2)") {
        const RunningServer server;
        CHECK(server.raw("GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400 "));
        CHECK(server.raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
                  .starts_with("HTTP/1.1 400 "));
        CHECK(server.raw("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200 "));
        CHECK(server.raw("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")
                  .starts_with("HTTP/1.1 400 "));
    }

    TEST_CASE("a target in absolute form is its path and query (3.2.2)") {
        Mailbox<std::string> targets;
        const RunningServer server([&](const auto& request, auto respond) {
            targets.put(std::string(request.target()));
            respond({});
        });
        for (const auto& [sent, meant] : {std::pair{"http://example.com/a?b=c", "/a?b=c"},
                                          {"HTTPS://example.com:8443/", "/"},
                                          {"http://example.com", "/"},
                                          {"http://example.com?b", "?b"},
                                          {"/http://a", "/http://a"}}) {
            server.raw("GET " + std::string(sent) +
                       " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            CHECK(targets.take() == meant);
        }
    }

    TEST_CASE("empty lines before a request are nothing (2.2)") {
        const RunningServer server;
        auto client = server.connect();
        for (int i = 0; i < 2; ++i) {
            client.send("\r\n\r\n" + get("/"));
            const auto answer = client.read_message();
            REQUIRE(answer);
            CHECK(answer->status() == 200);
        }
    }
}
