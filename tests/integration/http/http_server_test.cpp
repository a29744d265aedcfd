// What the HTTP server does for a client that behaves.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "running_server.hpp"
#include "support/eventually.hpp"

using namespace hermes::test;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;

static_assert(!std::is_copy_constructible_v<Responder>, "a request is answered once");

TEST_SUITE("support/http_server") {
    TEST_CASE("a request reaches the handler and its answer reaches the client") {
        const RunningServer server;
        auto client = server.connect();
        client.send(post("/callback?nonce=1", "hello"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->status() == 200);
        CHECK(response->head.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(response->field("content-type") == "text/plain; charset=utf-8");
        CHECK(response->field("date").ends_with(" GMT"));
        CHECK(response->body == "POST /callback?nonce=1 [hello]");
    }

    TEST_CASE("a handler sees header fields whatever their case, and the peer's address") {
        const RunningServer server([](const HttpRequest& request, Responder respond) {
            HttpResponse response;
            response.body = std::string(request.header("X-Thing")) + " " +
                            std::string(request.header("x-absent")) + " " +
                            request.remote_address();
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send("GET / HTTP/1.1\r\nHost: x\r\nx-thing: one\r\n\r\n");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "one  127.0.0.1");
    }

    TEST_CASE("fields of one name are joined in the order in which they came") {
        const RunningServer server([](const HttpRequest& request, Responder respond) {
            HttpResponse response;
            response.body = request.header("x-forwarded-for");
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(
            "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1\r\nA: b\r\nx-forwarded-for: "
            "2.2.2.2\r\n\r\n");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "1.1.1.1, 2.2.2.2");
    }

    TEST_CASE("a response carries its own status, type and fields") {
        const RunningServer server([](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.status = 405;
            response.content_type = "application/json";
            response.headers.emplace_back("Allow", "GET, POST");
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(get("/"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->head.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
        CHECK(response->field("content-type") == "application/json");
        CHECK(response->field("allow") == "GET, POST");
        CHECK(response->field("content-length") == "0");
    }

    TEST_CASE("a line break in a response's field can't add a field") {
        const RunningServer server([](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.headers.emplace_back("Location", "/a\r\nSet-Cookie: evil");
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(get("/"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->field("location") == "/a  Set-Cookie: evil");
        CHECK(response->field("set-cookie") == "");
    }

    TEST_CASE("a connection serves one request after the other") {
        const RunningServer server;
        auto client = server.connect();
        for (int i = 0; i < 3; ++i) {
            client.send(
                post("/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x')));
            const auto response = client.read_message();
            REQUIRE(response);
            CHECK(response->field("connection") == "");
            CHECK(response->body.starts_with("POST /" + std::to_string(i)));
        }
    }

    TEST_CASE("requests sent without waiting are answered in order") {
        const RunningServer server;
        auto client = server.connect();
        client.send(get("/1") + post("/2", "two") + get("/3"));
        for (const char* expected : {"GET /1 []", "POST /2 [two]", "GET /3 []"}) {
            const auto response = client.read_message();
            REQUIRE(response);
            CHECK(response->body == expected);
        }
    }

    TEST_CASE("a request may arrive in pieces, cut anywhere") {
        const RunningServer server;
        auto client = server.connect();
        for (const char byte : post("/", "ab")) {
            client.send(std::string_view(&byte, 1));
        }
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "POST / [ab]");
    }

    TEST_CASE("a chunked body is put together, and its trailer is not taken for a header") {
        const RunningServer server([](const HttpRequest& request, Responder respond) {
            HttpResponse response;
            response.body = std::string(request.body()) + std::string(request.header("x-late"));
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: no\r\n\r\n");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "abcde");
    }

    TEST_CASE("a client that asks to close gets its answer and then the end") {
        const RunningServer server;
        auto client = server.connect();
        client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->field("connection") == "close");
        CHECK(client.ends());
    }

    TEST_CASE("HTTP/1.0 closes unless it asks to keep the connection") {
        const RunningServer server;
        auto closing = server.connect();
        closing.send("GET / HTTP/1.0\r\n\r\n");
        const auto last = closing.read_message();
        REQUIRE(last);
        CHECK(last->field("connection") == "close");
        CHECK(closing.ends());

        auto keeping = server.connect();
        for (int i = 0; i < 2; ++i) {
            keeping.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            const auto response = keeping.read_message();
            REQUIRE(response);
            CHECK(response->field("connection") == "keep-alive");
        }
    }

    TEST_CASE("HEAD is answered with the length of the body and without the body") {
        const RunningServer server;
        auto client = server.connect();
        client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/after"));
        const auto head = client.read_message(BodyRule::none);
        REQUIRE(head);
        CHECK(head->field("content-length") == "10");  // "HEAD /x []"
        const auto after = client.read_message();
        REQUIRE(after);
        CHECK(after->body == "GET /after []");
    }

    TEST_CASE("a response without content says nothing of a length") {
        const RunningServer server([](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.status = 204;
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(get("/") + get("/"));
        const auto first = client.read_message();
        const auto second = client.read_message();
        REQUIRE(first);
        REQUIRE(second);
        CHECK(first->head.find("Content-") == std::string::npos);
        CHECK(second->status() == 204);
    }

    TEST_CASE("a client that waits for 100 Continue is told to go on") {
        const RunningServer server;
        auto client = server.connect();
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        const auto go_on = client.read_head();
        REQUIRE(go_on);
        CHECK(*go_on == "HTTP/1.1 100 Continue\r\n\r\n");
        client.send("ok");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "POST / [ok]");
    }

    TEST_CASE("a request knows when its first byte came, however late its last one does") {
        std::chrono::steady_clock::time_point begun{};
        const RunningServer server([&](const HttpRequest& request, Responder respond) {
            begun = request.begun();
            respond({.body = "done"});
        });
        auto client = server.connect();
        auto before = std::chrono::steady_clock::now();
        for (int request = 0; request < 2; ++request) {
            client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            REQUIRE(client.read_head());
            const auto head_was_there = std::chrono::steady_clock::now();
            client.send("ok");
            REQUIRE(client.read_message());
            CHECK(before <= begun);
            CHECK(begun <= head_was_there);
            before = std::chrono::steady_clock::now();
        }
    }

    TEST_CASE("a client that did not wait for 100 Continue gets none") {
        const RunningServer server;
        auto client = server.connect();
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->status() == 200);
    }

    TEST_CASE("a large response arrives whole at a client that reads slowly") {
        const std::string large(8 * 1024 * 1024, 'x');  // more than the kernel takes at once
        const RunningServer server([&](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.body = large;
            respond(std::move(response));
        });
        auto client = server.connect();
        client.send(get("/"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == large);
    }

    TEST_CASE("an answer may come later and from another thread") {
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); });
        auto client = server.connect();
        client.send(get("/"));
        auto respond = asked.take();
        REQUIRE(respond);
        HttpResponse late;
        late.body = "late";
        (*respond)(std::move(late));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "late");
    }

    TEST_CASE("one thread may answer many requests of many connections at once") {
        constexpr std::size_t clients = 64;
        Mailbox<Responder> asked;
        HttpServerOptions options;
        options.threads = 2;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); }, options);
        std::vector<HttpSocket> sockets;
        for (std::size_t i = 0; i < clients; ++i) {
            sockets.push_back(server.connect());
        }
        for (int round = 0; round < 3; ++round) {
            for (auto& socket : sockets) {
                socket.send(get("/"));
            }
            std::vector<Responder> open;
            for (std::size_t i = 0; i < clients; ++i) {
                auto respond = asked.take();
                REQUIRE(respond);
                open.push_back(std::move(*respond));
            }
            for (auto& respond : open) {
                respond(HttpResponse());
            }
            for (auto& socket : sockets) {
                const auto response = socket.read_message();
                REQUIRE(response);
                CHECK(response->status() == 200);
            }
        }
    }

    TEST_CASE("a handler may answer the request of another connection") {
        std::optional<Responder> first;  // used on the server's only thread
        Mailbox<int> asked;
        const RunningServer server([&](const HttpRequest& request, Responder respond) {
            if (request.target() == "/first") {
                first.emplace(std::move(respond));
                asked.put(1);
            } else {
                (*first)(HttpResponse());
                respond(HttpResponse());
            }
        });
        auto one = server.connect();
        auto two = server.connect();
        one.send(get("/first"));
        REQUIRE(asked.take());
        two.send(get("/second"));
        CHECK(two.read_message());
        CHECK(one.read_message());
    }

    TEST_CASE("the port is free again as soon as the server has stopped") {
        HttpServerOptions options;
        {
            RunningServer server;
            auto client = server.connect();
            client.send(get("/"));
            REQUIRE(client.read_message());
            options.port = server.port();
            server->stop(std::chrono::steady_clock::now());
        }
        const RunningServer again(describe, options);
        CHECK(again.port() == options.port);
    }

    TEST_CASE("a server on :: takes IPv4 too and names such a client by its IPv4 address") {
        HttpServerOptions options;
        options.host = "::";
        const RunningServer server(
            [](const HttpRequest& request, Responder respond) {
                HttpResponse response;
                response.body = request.remote_address();
                respond(std::move(response));
            },
            options);
        auto client = server.connect();
        client.send(get("/"));
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->body == "127.0.0.1");
    }
}
