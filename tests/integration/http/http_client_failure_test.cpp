// Every way in which a request fails, and whether the other side may have seen it.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "http/http_client.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/http_scripted_server.hpp"
#include "support/no_descriptors.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpClient;
using hermes::http::HttpClientOptions;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::Responder;

namespace {

HttpClientReply fetch(const std::string& url, std::chrono::milliseconds timeout = 20s) {
    HttpClient client;
    HttpClientRequest request;
    request.method = "POST";
    request.url = url;
    request.body = "body";
    request.timeout = timeout;
    return client.fetch(request);
}

// A port of loopback on which nobody listens.
std::uint16_t closed_port() {
    const HttpScriptedServer server([](HttpSocket&, int) {});
    return server.port();
}

}  // namespace

TEST_SUITE("support/http_client failures") {
    TEST_CASE("a refused connection was not sent, and the text hides path and query") {
        const auto port = std::to_string(closed_port());
        const auto reply = fetch("http://127.0.0.1:" + port + "/send?access_token=secret");
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "connect to 127.0.0.1:" + port + ": connection refused");
    }

    TEST_CASE("a name that does not exist was not sent") {
        const auto reply = fetch("http://no-such-host.invalid/");
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem.starts_with("resolve no-such-host.invalid: "));
    }

    TEST_CASE("a request for which there is no descriptor was not sent, and the next one is") {
        const RunningServer server;
        HttpClient client;
        HttpClientRequest request;
        client.fetch(request);  // opens what the client itself needs, and nothing else
        request.url = server.url();
        {
            const NoDescriptors none;
            for (int i = 0; i < 3; ++i) {
                const auto reply = client.fetch(request);
                CHECK(reply.outcome == HttpOutcome::not_sent);
                CHECK(reply.problem.starts_with("connect to 127.0.0.1:"));
            }
        }
        CHECK(client.fetch(request).outcome == HttpOutcome::replied);
    }

    TEST_CASE("what is no http URL is refused without being repeated in the text") {
        for (const char* url : {"", "ftp://host/", "host/path", "http://", "http://host:0/",
                                "http://host:99999/", "http://ho st/?secret"}) {
            CAPTURE(url);
            const auto reply = fetch(url);
            CHECK(reply.outcome == HttpOutcome::not_sent);
            CHECK(reply.problem == "the URL is not a valid http or https URL");
        }
    }

    TEST_CASE("a connection that ends after the request may have been served") {
        const HttpScriptedServer server(
            [](HttpSocket& connection, int) { connection.read_message(); });
        const auto reply = fetch(server.url("/?secret"));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem ==
              "read from " + server.address() + ": the connection was closed before a reply came");
    }

    TEST_CASE("a connection that is reset after the request may have been served") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.reset();
        });
        const auto reply = fetch(server.url());
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem == "read from " + server.address() + ": connection reset by peer");
    }

    TEST_CASE("half a reply is no reply") {
        for (const char* half : {"HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
            CAPTURE(half);
            const HttpScriptedServer server([&](HttpSocket& connection, int) {
                connection.read_message();
                connection.send(half);
            });
            const auto reply = fetch(server.url());
            CHECK(reply.outcome == HttpOutcome::maybe_sent);
            CHECK(reply.problem == "read from " + server.address() +
                                       ": the connection was closed in the middle of the reply");
            CHECK(reply.body == "");
        }
    }

    TEST_CASE("a reply that is not HTTP is no reply") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("SSH-2.0-OpenSSH\r\n\r\n");
        });
        const auto reply = fetch(server.url());
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem == "read from " + server.address() + ": bad version");
    }

    TEST_CASE("a reply that is too long is given up") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send(http_ok("12345678901"));
        });
        HttpClientOptions options;
        options.response_bytes_max = 10;
        HttpClient client(options);
        HttpClientRequest request;
        request.url = server.url();
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem ==
              "read from " + server.address() + ": the reply is longer than 10 bytes");
    }

    TEST_CASE("no reply in time may have been served") {
        Mailbox<int> waiting;
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.ends();
        });
        // Long enough for the request to be written where others use the processor.
        const auto reply = fetch(server.url(), 500ms);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem == "read from " + server.address() + ": timed out after 500 ms");
    }

    TEST_CASE("a reply that comes a byte at a time is given up at the timeout") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (connection.send("x") && !connection.ends(5ms)) {
            }
        });
        CHECK(fetch(server.url(), 50ms).outcome == HttpOutcome::maybe_sent);
    }

    TEST_CASE("a TLS handshake that is not answered is given up at the timeout, not sent") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_bytes(100'000);  // until the client closes
        });
        const auto reply = fetch("https://" + server.address() + "/", 50ms);
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "TLS with " + server.address() + ": timed out after 50 ms");
    }

    TEST_CASE("a TLS handshake that is cut off was not sent") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_bytes(1);
            connection.finish_sending();
            connection.ends();
        });
        const auto reply = fetch("https://" + server.address() + "/");
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "TLS with " + server.address() + ": the connection was closed");
    }

    TEST_CASE("a server that speaks no TLS was not sent the request") {
        const RunningServer server;
        const auto reply = fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/");
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem.starts_with("TLS with 127.0.0.1:" + std::to_string(server.port()) +
                                        ": wrong version number"));
    }

    TEST_CASE("stopping tells every open request what is known of it") {
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); });
        HttpClientOptions options;
        options.connections_per_host = 1;
        HttpClient client(options);
        Mailbox<HttpClientReply> replies;
        HttpClientRequest request;
        request.url = server.url();
        const auto take = [&](HttpClientReply reply) { replies.put(std::move(reply)); };
        client.send(request, take);
        auto under_way = asked.take();
        REQUIRE(under_way);
        client.send(request, take);
        client.stop();
        REQUIRE(replies.size() == 2);  // both were told before stop returned
        int maybe = 0;
        int not_sent = 0;
        for (int i = 0; i < 2; ++i) {
            const auto reply = replies.take();
            maybe += reply->outcome == HttpOutcome::maybe_sent ? 1 : 0;
            not_sent += reply->outcome == HttpOutcome::not_sent ? 1 : 0;
            CHECK(reply->problem.ends_with(": the HTTP client has been stopped"));
        }
        CHECK(maybe == 1);
        CHECK(not_sent == 1);

        const auto later = client.fetch(request);
        CHECK(later.outcome == HttpOutcome::not_sent);
        CHECK(later.problem == "the HTTP client has been stopped");
        client.stop();
    }

    TEST_CASE("stopping and sending may meet at any moment") {
        const RunningServer server;
        for (int round = 0; round < 20; ++round) {
            Mailbox<HttpOutcome> outcomes;
            {
                HttpClient client;
                HttpClientRequest request;
                request.url = server.url();
                for (int i = 0; i < 20; ++i) {
                    client.send(request,
                                [&](const HttpClientReply& reply) { outcomes.put(reply.outcome); });
                }
            }
            CHECK(outcomes.size() == 20);
        }
    }
}
