// What the HTTP client does with a server that behaves.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <type_traits>

#include "http/http_client.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/http_scripted_server.hpp"

using namespace hermes::test;
using hermes::http::HttpClient;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::Responder;

static_assert(!std::is_copy_constructible_v<HttpClient>, "a client owns its thread");

namespace {

HttpClientRequest get_request(const std::string& url) {
    HttpClientRequest request;
    request.url = url;
    return request;
}

std::string field_of(const HttpClientReply& reply, const std::string& name) {
    const auto found = std::find_if(reply.headers.begin(), reply.headers.end(),
                                    [&](const auto& field) { return field.first == name; });
    return found == reply.headers.end() ? "" : found->second;
}

// The socket of this process whose other end is that port of this machine; -1: there is none.
int socket_to(std::uint16_t port) {
    for (int fd = 0; fd < 1024; ++fd) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
            peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
            return fd;
        }
    }
    return -1;
}

int option_of(int socket, int level, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(socket, level, option, &value, &size);
    return value;
}

}  // namespace

TEST_SUITE("support/http_client") {
    TEST_CASE("a reply comes back whole: status, fields and body") {
        const RunningServer server([](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.status = 404;
            response.body = "not here";
            response.headers.emplace_back("X-Reason", "moved");
            respond(std::move(response));
        });
        HttpClient client;
        const auto reply = client.fetch(get_request(server.url("/a?b=c")));
        CHECK(reply.outcome == HttpOutcome::replied);
        CHECK(reply.status == 404);
        CHECK(reply.body == "not here");
        CHECK(field_of(reply, "X-Reason") == "moved");
        CHECK(reply.problem == "");
    }

    TEST_CASE("a connection that is silent for long keeps itself known on the way") {
        const RunningServer server([](const HttpRequest&, Responder respond) { respond({}); });
        HttpClient client;
        REQUIRE(client.fetch(get_request(server.url("/"))).outcome == HttpOutcome::replied);
        const int socket = socket_to(server.port());  // kept for the next request
        REQUIRE(socket >= 0);
        CHECK(option_of(socket, SOL_SOCKET, SO_KEEPALIVE) == 1);
        CHECK(option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE) == 30);
        CHECK(option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL) == 10);
        CHECK(option_of(socket, IPPROTO_TCP, TCP_KEEPCNT) == 6);
    }

    TEST_CASE("a request goes out as it was given") {
        Mailbox<RawMessage> received;
        const HttpScriptedServer server([&](HttpSocket& connection, int) {
            if (auto request = connection.read_message()) {
                received.put(std::move(*request));
                connection.send(http_ok(""));
            }
        });
        HttpClient client;
        HttpClientRequest request;
        request.method = "POST";
        request.url = server.url("/cgi-bin/message/send?access_token=a%20b");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = "{}";
        REQUIRE(client.fetch(request).outcome == HttpOutcome::replied);
        const auto raw = received.take();
        REQUIRE(raw);
        CHECK(raw->head.starts_with(
            "POST /cgi-bin/message/send?access_token=a%20b HTTP/1.1\r\nHost: 127.0.0.1:" +
            std::to_string(server.port()) + "\r\n"));
        CHECK(raw->field("content-type") == "application/json");
        CHECK(raw->field("content-length") == "2");
        CHECK(raw->body == "{}");
    }

    TEST_CASE("a POST without a body says so, and a GET says nothing of a length") {
        Mailbox<std::string> lengths;
        const RunningServer server([&](const HttpRequest& request, Responder respond) {
            lengths.put(std::string(request.header("content-length")));
            respond(HttpResponse());
        });
        HttpClient client;
        auto request = get_request(server.url());
        client.fetch(request);
        request.method = "POST";
        client.fetch(request);
        CHECK(lengths.take() == "");
        CHECK(lengths.take() == "0");
    }

    TEST_CASE("a URL without a path asks for the root, with its query") {
        const RunningServer server;
        HttpClient client;
        CHECK(client.fetch(get_request(server.url(""))).body == "GET / []");
        CHECK(client.fetch(get_request(server.url("?a=b"))).body == "GET /?a=b []");
    }

    TEST_CASE("a HEAD request is answered without waiting for a body") {
        const RunningServer server;
        HttpClient client;
        auto request = get_request(server.url());
        request.method = "HEAD";
        for (int i = 0; i < 2; ++i) {
            const auto reply = client.fetch(request);
            CHECK(reply.outcome == HttpOutcome::replied);
            CHECK(reply.body == "");
        }
    }

    TEST_CASE("a chunked reply and one that ends with the connection are read to their end") {
        const HttpScriptedServer server([](HttpSocket& connection, int number) {
            connection.read_message();
            connection.send(number == 1 ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                          "Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                                        : "HTTP/1.1 200 OK\r\n\r\nto the end");
        });
        HttpClient client;
        CHECK(client.fetch(get_request(server.url())).body == "abc");
        CHECK(client.fetch(get_request(server.url())).body == "to the end");
    }

    TEST_CASE("an interim response is passed over") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + http_ok("at last"));
        });
        HttpClient client;
        const auto reply = client.fetch(get_request(server.url()));
        CHECK(reply.status == 200);
        CHECK(reply.body == "at last");
    }

    TEST_CASE("a redirect is a reply like any other") {
        const RunningServer server([](const HttpRequest&, Responder respond) {
            HttpResponse response;
            response.status = 302;
            response.headers.emplace_back("Location", "http://127.0.0.1:9/");
            respond(std::move(response));
        });
        HttpClient client;
        CHECK(client.fetch(get_request(server.url())).status == 302);
    }

    TEST_CASE("a handler may send the next request") {
        const RunningServer server;
        Mailbox<std::string> bodies;
        HttpClient client;
        client.send(get_request(server.url("/1")), [&](const HttpClientReply& first) {
            bodies.put(first.body);
            client.send(get_request(server.url("/2")),
                        [&](const HttpClientReply& second) { bodies.put(second.body); });
        });
        CHECK(bodies.take() == "GET /1 []");
        CHECK(bodies.take() == "GET /2 []");
    }
}
