// How the HTTP client keeps, shares and ends its connections.
#include <doctest/doctest.h>

#include <fcntl.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "http/http_client.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/http_scripted_server.hpp"

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

HttpClientRequest request_to(const std::string& url, const std::string& method = "GET") {
    HttpClientRequest request;
    request.method = method;
    request.url = url;
    return request;
}

// Answers every request of a connection until it ends.
void serve(HttpSocket& connection) {
    while (connection.read_message()) {
        connection.send(http_ok("served"));
    }
}

std::set<int> open_descriptors() {
    std::set<int> descriptors;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        descriptors.insert(std::stoi(entry.path().filename().string()));
    }
    return descriptors;
}

}  // namespace

TEST_SUITE("support/http_client pool") {
    TEST_CASE("requests one after the other use one connection") {
        const HttpScriptedServer server([](HttpSocket& connection, int) { serve(connection); });
        HttpClient client;
        for (int i = 0; i < 5; ++i) {
            CHECK(client.fetch(request_to(server.url(), i % 2 == 0 ? "GET" : "POST")).status ==
                  200);
        }
        CHECK(server.connections() == 1);
    }

    TEST_CASE("a reply that closes the connection is not followed by a request on it") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            connection.read_message();
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url(), "POST")).status == 200);
        CHECK(client.fetch(request_to(server.url(), "POST")).status == 200);
        CHECK(server.connections() == 2);
    }

    TEST_CASE("a kept connection that the server has closed meanwhile is not used for a POST") {
        Mailbox<int> closed;
        const HttpScriptedServer server([&](HttpSocket& connection, int number) {
            connection.read_message();
            connection.send(http_ok(std::to_string(number)));
            if (number == 1) {
                connection.close();
                closed.put(number);
            } else {
                serve(connection);
            }
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url(), "POST")).body == "1");
        REQUIRE(closed.take());
        CHECK(client.fetch(request_to(server.url(), "POST")).body == "2");
    }

    TEST_CASE("a kept connection on which the server has spoken unasked is not used") {
        Mailbox<int> spoken;
        const HttpScriptedServer server([&](HttpSocket& connection, int number) {
            connection.read_message();
            connection.send(http_ok(std::to_string(number)));
            if (number == 1) {
                connection.send(http_ok("poison"));
                spoken.put(number);
            }
            serve(connection);
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url())).body == "1");
        REQUIRE(spoken.take());
        CHECK(client.fetch(request_to(server.url())).body == "2");
    }

    TEST_CASE("a GET that meets the end of a kept connection is repeated on a fresh one") {
        const HttpScriptedServer server([](HttpSocket& connection, int number) {
            connection.read_message();
            connection.send(http_ok(std::to_string(number)));
            connection.read_message();
            if (number > 1) {
                connection.send(http_ok("again"));
            }
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url())).body == "1");
        const auto reply = client.fetch(request_to(server.url()));
        CHECK(reply.problem == "");
        CHECK(reply.body == "2");
    }

    TEST_CASE("a POST that meets the end of a kept connection is not repeated") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send(http_ok(""));
            connection.read_message();
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url(), "POST")).status == 200);
        const auto reply = client.fetch(request_to(server.url(), "POST"));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem == "read from 127.0.0.1:" + std::to_string(server.port()) +
                                   ": the connection was closed before a reply came");
        CHECK(server.connections() == 1);
    }

    TEST_CASE("a GET is repeated once and no more") {
        const HttpScriptedServer server([](HttpSocket& connection, int number) {
            connection.read_message();
            if (number == 1) {
                connection.send(http_ok(""));
                connection.read_message();
            }
        });
        HttpClient client;
        CHECK(client.fetch(request_to(server.url())).status == 200);
        CHECK(client.fetch(request_to(server.url())).outcome == HttpOutcome::maybe_sent);
        CHECK(server.connections() == 2);
    }

    TEST_CASE("an unused connection is closed after the idle timeout") {
        Mailbox<bool> ended;
        const HttpScriptedServer server([&](HttpSocket& connection, int) {
            connection.read_message();
            connection.send(http_ok(""));
            ended.put(connection.ends());
        });
        HttpClientOptions options;
        options.idle_timeout = 30ms;
        HttpClient client(options);
        CHECK(client.fetch(request_to(server.url())).status == 200);
        CHECK(ended.take() == true);
    }

    TEST_CASE("requests beyond the connections of a host wait their turn, in order") {
        Mailbox<Responder> asked;
        Mailbox<std::string> targets;
        const RunningServer server([&](const HttpRequest& request, Responder respond) {
            targets.put(std::string(request.target()));
            asked.put(std::move(respond));
        });
        HttpClientOptions options;
        options.connections_per_host = 2;
        Mailbox<HttpOutcome> outcomes;  // outlives the client, whose thread fills it
        HttpClient client(options);
        for (int i = 0; i < 4; ++i) {
            client.send(request_to(server.url("/" + std::to_string(i))),
                        [&](const HttpClientReply& reply) { outcomes.put(reply.outcome); });
        }
        auto first = asked.take();
        auto second = asked.take();
        REQUIRE(first);
        REQUIRE(second);
        CHECK(asked.size() == 0);
        (*first)(HttpResponse());
        auto third = asked.take();
        REQUIRE(third);
        CHECK(asked.size() == 0);
        (*second)(HttpResponse());
        auto fourth = asked.take();
        REQUIRE(fourth);
        (*third)(HttpResponse());
        (*fourth)(HttpResponse());
        for (int i = 0; i < 4; ++i) {
            CHECK(outcomes.take() == HttpOutcome::replied);
        }
        targets.take();
        targets.take();  // the first two came at the same time
        CHECK(targets.take() == "/2");
        CHECK(targets.take() == "/3");
    }

    TEST_CASE("one host's full pool does not hold up another host") {
        Mailbox<Responder> stuck;
        const RunningServer slow(
            [&](const HttpRequest&, Responder respond) { stuck.put(std::move(respond)); });
        const RunningServer quick;
        HttpClientOptions options;
        options.connections_per_host = 1;
        HttpClient client(options);
        client.send(request_to(slow.url()), [](const HttpClientReply&) {});
        client.send(request_to(slow.url()), [](const HttpClientReply&) {});
        CHECK(client.fetch(request_to(quick.url())).status == 200);
    }

    TEST_CASE("a request that waits longer than its timeout was not sent") {
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); });
        HttpClientOptions options;
        options.connections_per_host = 1;
        HttpClient client(options);
        client.send(request_to(server.url()), [](const HttpClientReply&) {});
        REQUIRE(asked.size() <= 1);
        auto request = request_to(server.url());
        request.timeout = 30ms;
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem == "wait for a connection to 127.0.0.1:" +
                                   std::to_string(server.port()) + ": timed out after 30 ms");
    }

    TEST_CASE("a request beyond the longest queue fails at once") {
        Mailbox<Responder> asked;
        const RunningServer server(
            [&](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); });
        HttpClientOptions options;
        options.connections_per_host = 1;
        options.waiting_max = 1;
        HttpClient client(options);
        client.send(request_to(server.url()), [](const HttpClientReply&) {});
        auto first = asked.take();
        REQUIRE(first);
        client.send(request_to(server.url()), [](const HttpClientReply&) {});
        const auto reply = client.fetch(request_to(server.url()));
        CHECK(reply.outcome == HttpOutcome::not_sent);
        CHECK(reply.problem ==
              "wait for a connection to 127.0.0.1:" + std::to_string(server.port()) +
                  ": 1 requests are waiting already");
    }

    TEST_CASE("a child process inherits no descriptor of client or server") {
        const auto before = open_descriptors();
        const RunningServer server;
        HttpClient client;
        REQUIRE(client.fetch(request_to(server.url())).status == 200);  // its connection is kept
        int looked_at = 0;
        for (const int descriptor : open_descriptors()) {
            const int flags = ::fcntl(descriptor, F_GETFD);
            if (!before.contains(descriptor) && flags >= 0) {
                CHECK((flags & FD_CLOEXEC) != 0);
                ++looked_at;
            }
        }
        CHECK(looked_at >= 3);  // the listener and both ends of the connection
    }

    TEST_CASE("a host of several addresses is reached at the one that answers") {
        const RunningServer server;  // on IPv4 only; localhost mostly has an IPv6 address too
        HttpClient client;
        const auto reply =
            client.fetch(request_to("http://localhost:" + std::to_string(server.port()) + "/"));
        CHECK(reply.problem == "");
        CHECK(reply.status == 200);
    }
}
