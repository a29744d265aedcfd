// Every way in which the HTTP server refuses.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "running_server.hpp"
#include "support/eventually.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;

namespace {

HttpServerOptions with_body_limit(std::size_t bytes) {
    HttpServerOptions options;
    options.body_bytes_max = bytes;
    return options;
}

std::string start_error(const HttpServerOptions& options) {
    HttpServer server(options, describe);
    try {
        server.start();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "it started";
}

}  // namespace

TEST_SUITE("support/http_server limits") {
    TEST_CASE("a body of the longest allowed length is taken and one byte more is refused") {
        const RunningServer server(describe, with_body_limit(10));
        auto client = server.connect();
        client.send(post("/", "0123456789"));
        const auto taken = client.read_message();
        REQUIRE(taken);
        CHECK(taken->status() == 200);
        client.send(post("/", "0123456789a"));
        const auto refused = client.read_message();
        REQUIRE(refused);
        CHECK(refused->status() == 413);
        CHECK(refused->field("connection") == "close");
        CHECK(refused->body == "body too large\n");
        CHECK(client.ends());
    }

    TEST_CASE("a client that goes on sending a body that is too large still sees the 413") {
        const RunningServer server(describe, with_body_limit(1000));
        auto client = server.connect();
        CHECK(client.send(post("/", std::string(16 * 1024 * 1024, 'x'))));
        const auto refused = client.read_message();
        REQUIRE(refused);
        CHECK(refused->status() == 413);
    }

    TEST_CASE("a chunked body is refused as soon as it grows too large") {
        const RunningServer server(describe, with_body_limit(8));
        auto client = server.connect();
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n");
        const auto refused = client.read_message();
        REQUIRE(refused);
        CHECK(refused->status() == 413);
    }

    TEST_CASE("a body that is too large is refused instead of asked for with 100 Continue") {
        const RunningServer server(describe, with_body_limit(8));
        auto client = server.connect();
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        const auto refused = client.read_message();
        REQUIRE(refused);
        CHECK(refused->status() == 413);
    }

    TEST_CASE("a header that is too long is refused") {
        HttpServerOptions options;
        options.header_bytes_max = 1000;
        const RunningServer server(describe, options);
        const std::string longest(900, 'x');
        CHECK(
            server
                .raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: " + longest + "\r\n\r\n")
                .starts_with("HTTP/1.1 200 "));
        const std::string answer =
            server.raw("GET / HTTP/1.1\r\nHost: x\r\nA: " + longest + longest);
        CHECK(answer.starts_with("HTTP/1.1 431 "));
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        CHECK(answer.ends_with("header too large\n"));
    }

    TEST_CASE("a header of too many fields is refused") {
        std::string fields;
        for (int i = 0; i < 101; ++i) {
            fields += "A" + std::to_string(i) + ": b\r\n";
        }
        const RunningServer server;
        CHECK(server.raw("GET / HTTP/1.1\r\n" + fields + "\r\n").starts_with("HTTP/1.1 431 "));
    }

    TEST_CASE("what is not HTTP is answered with 400 and the end") {
        const RunningServer server;
        for (const char* bytes : {
                 "nonsense\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
                 "chunked\r\n\r\n",
                 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
                 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                 "\x16\x03\x01\x02\x00\x01",  // the start of a TLS handshake
             }) {
            CAPTURE(bytes);
            const std::string answer = server.raw(bytes);
            CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
            CHECK(answer.find("Connection: close\r\n") != std::string::npos);
            CHECK(answer.ends_with("malformed request\n"));
        }
    }

    TEST_CASE("what follows a malformed request is not served") {
        const RunningServer server;
        CHECK(server.raw("nonsense\r\n\r\n" + get("/second")).find("/second") == std::string::npos);
    }

    TEST_CASE("a header that comes a byte at a time is cut off at the read timeout") {
        HttpServerOptions options;
        options.read_timeout = 100ms;
        const RunningServer server(describe, options);
        auto client = server.connect();
        bool ended = false;
        client.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
        for (int i = 0; i < 1000 && !ended; ++i) {
            client.send("x");
            ended = client.ends(10ms);
        }
        CHECK(ended);
    }

    TEST_CASE("a body that comes a byte at a time is cut off at the read timeout") {
        HttpServerOptions options;
        options.read_timeout = 100ms;
        const RunningServer server(describe, options);
        auto client = server.connect();
        bool ended = false;
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 1000 && !ended; ++i) {
            client.send("x");
            ended = client.ends(10ms);
        }
        CHECK(ended);
    }

    TEST_CASE("a connection without a request is closed at the idle timeout") {
        HttpServerOptions options;
        options.idle_timeout = 50ms;
        const RunningServer server(describe, options);
        auto silent = server.connect();
        CHECK(silent.ends());

        auto client = server.connect();
        client.send(get("/"));
        REQUIRE(client.read_message());
        CHECK(client.ends());
    }

    TEST_CASE("no timeout of the server's applies while the handler thinks") {
        HttpServerOptions options;
        options.read_timeout = 30ms;
        options.idle_timeout = 30ms;
        options.write_timeout = 30ms;
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); }, options);
        auto patient = server.connect();
        patient.send(get("/"));
        auto respond = asked.take();
        REQUIRE(respond);
        for (int i = 0; i < 5; ++i) {  // by now each timeout has passed several times
            CHECK(server.connect().ends());
        }
        (*respond)(HttpResponse());
        const auto response = patient.read_message();
        REQUIRE(response);
        CHECK(response->status() == 200);
    }

    TEST_CASE("a client that does not take its response is cut off at the write timeout") {
        HttpServerOptions options;
        options.write_timeout = 50ms;
        options.connections_max = 1;
        const std::string large(64 * 1024 * 1024, 'x');
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) {
                HttpResponse response;
                response.body = large;
                respond(std::move(response));
            },
            options);
        auto stalled = server.connect();
        stalled.send(get("/"));
        REQUIRE(stalled.read_head());
        auto next = server.connect();  // there is room for it once the first one is gone
        next.send(get("/"));
        CHECK(next.read_head());
    }

    TEST_CASE("while nothing is idle a connection beyond the limit waits until one is closed") {
        HttpServerOptions options;
        options.connections_max = 1;
        Mailbox<std::shared_ptr<Responder>> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) {
                asked.put(std::make_shared<Responder>(std::move(respond)));
            },
            options);
        auto first = server.connect();
        first.send(get("/first"));
        const auto answer = asked.take();
        REQUIRE(answer);
        auto second = server.connect();
        second.send(get("/second"));
        CHECK(asked.size() == 0);
        (**answer)({});
        CHECK(first.read_message());  // answered before it makes room
        const auto next = asked.take();
        REQUIRE(next);
        (**next)({});
        CHECK(second.read_message());
    }

    TEST_CASE("the connection that has been idle longest makes room for a new one") {
        HttpServerOptions options;
        options.connections_max = 3;
        const RunningServer server(describe, options);
        auto oldest = server.connect();
        oldest.send(get("/"));
        REQUIRE(oldest.read_message());
        auto older = server.connect();
        older.send(get("/"));
        REQUIRE(older.read_message());
        auto silent = server.connect();
        auto newest = server.connect();
        newest.send(get("/"));
        CHECK(newest.read_message());
        CHECK(oldest.ends());
        older.send(get("/"));  // and it is the youngest now
        CHECK(older.read_message());
        auto another = server.connect();
        another.send(get("/"));
        CHECK(another.read_message());
        CHECK(silent.ends());
    }

    TEST_CASE("a thousand silent connections keep nobody out") {
        HttpServerOptions options;
        options.connections_max = 100;
        const RunningServer server(describe, options);
        std::vector<HttpSocket> silent;
        for (int i = 0; i < 400; ++i) {
            silent.push_back(server.connect());
        }
        auto client = server.connect();
        client.send(get("/"));
        CHECK(client.read_message());
    }

    TEST_CASE("a connection that says nothing at all is closed as early as a slow one") {
        HttpServerOptions options;
        options.read_timeout = 50ms;
        const RunningServer server(describe, options);
        auto silent = server.connect();
        CHECK(silent.ends());
        auto client = server.connect();
        client.send(get("/"));
        CHECK(client.read_message());
        CHECK_FALSE(client.ends(200ms));  // it has the idle time
    }

    TEST_CASE("a request that the handler does not answer in time is answered 503") {
        HttpServerOptions options;
        options.answer_timeout = 50ms;
        Mailbox<std::shared_ptr<Responder>> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) {
                asked.put(std::make_shared<Responder>(std::move(respond)));
            },
            options);
        for (int i = 0; i < 3; ++i) {
            auto client = server.connect();
            client.send(get("/"));
            const auto late = client.read_message();
            REQUIRE(late);
            CHECK(late->status() == 503);
            CHECK(late->field("connection") == "close");
            CHECK(client.ends());
            const auto answer = asked.take();
            REQUIRE(answer);
            (**answer)({.body = "too late"});  // and nobody's
        }
    }

    TEST_CASE("a request that the handler forgets is answered with 500") {
        const RunningServer server([](const HttpRequest&, const Responder&) {});
        auto client = server.connect();
        client.send(get("/"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->status() == 500);
        CHECK(response->body == "internal error\n");
    }

    TEST_CASE("a request whose handler throws is answered with 500 and the next one is served") {
        const RunningServer server([](const HttpRequest& request, Responder respond) {
            if (request.target() == "/bad") {
                throw std::runtime_error("a bug");
            }
            respond(HttpResponse());
        });
        auto client = server.connect();
        client.send(get("/bad") + get("/good"));
        const auto bad = client.read_message();
        const auto good = client.read_message();
        REQUIRE(bad);
        REQUIRE(good);
        CHECK(bad->status() == 500);
        CHECK(bad->body == "internal error\n");
        CHECK(good->status() == 200);
    }

    TEST_CASE("a client that vanishes while the handler thinks does no harm") {
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); });
        auto client = server.connect();
        client.send(get("/"));
        auto respond = asked.take();
        REQUIRE(respond);
        client.reset();
        (*respond)(HttpResponse());
        auto next = server.connect();
        next.send(get("/"));
        auto respond_next = asked.take();
        REQUIRE(respond_next);
        (*respond_next)(HttpResponse());
        CHECK(next.read_message());
    }

    TEST_CASE("a port that is taken is named together with the setting to change") {
        const RunningServer first;
        HttpServerOptions options;
        options.port = first.port();
        CHECK(start_error(options) == "cannot listen on 127.0.0.1:" + std::to_string(first.port()) +
                                          ": address already in use (another gateway? change "
                                          "`port`)");
    }

    TEST_CASE("an address that this machine lacks, or that is none, is named") {
        HttpServerOptions options;
        options.port = 18645;
        options.host = "192.0.2.1";  // RFC 5737: for documentation
        CHECK(start_error(options) ==
              "cannot listen on 192.0.2.1:18645: cannot assign requested address (this machine "
              "has no such address: change `host`)");
        options.host = "localhost";
        CHECK(start_error(options) ==
              "cannot listen on localhost:18645: `host` is not an IP address (127.0.0.1, 0.0.0.0, "
              ":: or another)");
    }
}
