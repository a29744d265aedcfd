// What the HTTP client does with a body that it is to pass on in pieces.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "http/http_client.hpp"
#include "integration/durable/process_memory.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/http_scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::http_piece_bytes_max;
using hermes::http::HttpBodyNext;
using hermes::http::HttpClient;
using hermes::http::HttpClientOptions;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;

namespace {

using Next = hermes::base::MoveOnlyFunction<void(HttpBodyNext)>;

struct Piece {
    std::string bytes;
    Next next;
};

// What arrives at a sink that answers each piece at once.
struct Received {
    std::string body;
    std::size_t longest = 0;

    HttpClientRequest request(const std::string& url) {
        HttpClientRequest request;
        request.url = url;
        request.sink = [this](const std::string& piece, Next next) {
            body += piece;
            longest = std::max(longest, piece.size());
            next(HttpBodyNext::go_on);
        };
        return request;
    }
};

HttpClientRequest request_into(Mailbox<Piece>& pieces, const std::string& url) {
    HttpClientRequest request;
    request.url = url;
    request.sink = [&pieces](std::string piece, Next next) {
        pieces.put({std::move(piece), std::move(next)});
    };
    return request;
}

std::string pattern(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) {
        text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    }
    return text;
}

hermes::http::HttpServer::Handler answer(std::string body) {
    return [body = std::move(body)](const HttpRequest&, Responder respond) {
        HttpResponse response;
        response.status = 201;
        response.body = body;
        response.headers.emplace_back("X-Name", "a file");
        respond(std::move(response));
    };
}

}  // namespace

TEST_SUITE("http/client sink") {
    TEST_CASE("a body comes in pieces of bounded size, and the reply has status and fields") {
        const auto body = pattern(3 * http_piece_bytes_max + 17);
        const RunningServer server(answer(body));
        HttpClient client;
        Received received;
        const auto reply = client.fetch(received.request(server.url()));
        CHECK(reply.outcome == HttpOutcome::replied);
        CHECK(reply.status == 201);
        CHECK(reply.header("x-name") == "a file");
        CHECK(reply.body == "");
        CHECK(received.body == body);
        CHECK(received.longest <= http_piece_bytes_max);
    }

    TEST_CASE("a body over TLS, too") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        const auto body = pattern(2 * http_piece_bytes_max);
        HttpServerOptions served;
        served.tls_certificate = files.certificate_file;
        served.tls_private_key = files.private_key_file;
        const RunningServer server(answer(body), served);
        HttpClientOptions options;
        options.ca_file = files.certificate_file;
        HttpClient client(options);
        Received received;
        const auto reply = client.fetch(
            received.request("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
        CHECK(reply.outcome == HttpOutcome::replied);
        CHECK(received.body == body);
    }

    TEST_CASE("a chunked body, one that ends with the connection and an empty one are whole") {
        const HttpScriptedServer server([](HttpSocket& connection, int number) {
            connection.read_message();
            connection.send(number == 1   ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                            "Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n"
                                            "0\r\n\r\n"
                            : number == 2 ? "HTTP/1.1 200 OK\r\n\r\nto the end"
                                          : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        HttpClient client;
        for (const std::string expected : {"abcde", "to the end", ""}) {
            Received received;
            CHECK(client.fetch(received.request(server.url())).outcome == HttpOutcome::replied);
            CHECK(received.body == expected);
        }
    }

    TEST_CASE("the next piece comes when the one before has been answered, on whatever thread") {
        const auto body = pattern(2 * http_piece_bytes_max);
        const RunningServer server(answer(body));
        HttpClient client;
        Mailbox<Piece> pieces;
        Mailbox<HttpClientReply> replies;
        client.send(request_into(pieces, server.url()),
                    [&](HttpClientReply reply) { replies.put(std::move(reply)); });
        auto first = pieces.take();
        REQUIRE(first);
        // Another request goes its whole way meanwhile, and this one has come no further.
        HttpClientRequest other;
        other.url = server.url();
        CHECK(client.fetch(other).body == body);
        CHECK(pieces.size() == 0);
        CHECK(replies.size() == 0);
        first->next(HttpBodyNext::go_on);
        auto second = pieces.take();
        REQUIRE(second);
        second->next(HttpBodyNext::go_on);
        const auto reply = replies.take();
        REQUIRE(reply);
        CHECK(reply->outcome == HttpOutcome::replied);
        CHECK(first->bytes + second->bytes == body);
    }

    TEST_CASE("a connection is used again after a body in pieces") {
        const HttpScriptedServer server([&](HttpSocket& connection, int) {
            while (connection.read_message()) {
                connection.send(http_ok("short"));
            }
        });
        HttpClient client;
        for (int i = 0; i < 2; ++i) {
            Received received;
            CHECK(client.fetch(received.request(server.url())).outcome == HttpOutcome::replied);
            CHECK(received.body == "short");
        }
        CHECK(server.connections() == 1);
    }

    TEST_CASE("what announces itself as too long is refused before a byte of it is passed on") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send(http_ok("12345678901"));
        });
        HttpClient client;
        Received received;
        auto request = received.request(server.url());
        request.response_bytes_max = 10;
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem ==
              "read from " + server.address() + ": the reply is longer than 10 bytes");
        CHECK(reply.too_long);
        CHECK(received.body == "");
    }

    TEST_CASE("what does not announce its length is passed on no further than it may be long") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            while (connection.send(std::string(1000, 'x'))) {
            }
        });
        HttpClient client;
        Received received;
        auto request = received.request(server.url());
        request.response_bytes_max = 2 * http_piece_bytes_max;
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem.ends_with(": the reply is longer than 131072 bytes"));
        CHECK(received.body.size() <= 2 * http_piece_bytes_max);
    }

    TEST_CASE("a body that breaks off is no reply, whatever has been passed on") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            connection.send(std::string(http_piece_bytes_max + 1, 'x'));
        });
        HttpClient client;
        Received received;
        const auto reply = client.fetch(received.request(server.url()));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem == "read from " + server.address() +
                                   ": the connection was closed in the middle of the reply");
        CHECK_FALSE(reply.too_long);
        CHECK(received.body.size() == http_piece_bytes_max);
    }

    TEST_CASE("a sink that gives up ends the request, and the connection with it") {
        const HttpScriptedServer server([&](HttpSocket& connection, int) {
            while (connection.read_message()) {
                connection.send(http_ok(std::string(3 * http_piece_bytes_max, 'x')));
            }
        });
        HttpClient client;
        HttpClientRequest request;
        request.url = server.url();
        request.sink = [](const std::string&, Next next) { next(HttpBodyNext::give_up); };
        const auto reply = client.fetch(request);
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem ==
              "read from " + server.address() + ": the rest of the reply is not wanted");
        Received received;
        CHECK(client.fetch(received.request(server.url())).outcome == HttpOutcome::replied);
        CHECK(server.connections() == 2);
    }

    TEST_CASE("the time runs while a sink has a piece, and its answer may come too late") {
        const RunningServer server(answer(pattern(3 * http_piece_bytes_max)));
        Mailbox<Piece> pieces;
        std::optional<Piece> held;
        {
            HttpClient client;
            auto request = request_into(pieces, server.url());
            request.timeout = 1s;  // a piece comes sooner, also on a busy machine
            const auto reply = client.fetch(request);
            CHECK(reply.outcome == HttpOutcome::maybe_sent);
            CHECK(reply.problem.ends_with(": timed out after 1 s"));
            held = pieces.take();
            REQUIRE(held);
            held->next(HttpBodyNext::go_on);  // the request has ended
            HttpClientRequest other;
            other.url = server.url();
            CHECK(client.fetch(other).outcome == HttpOutcome::replied);
            CHECK(pieces.size() == 0);
        }
    }

    TEST_CASE("stopping ends a request whose sink has a piece, and its answer may come later") {
        const RunningServer server(answer(pattern(3 * http_piece_bytes_max)));
        Mailbox<Piece> pieces;
        Mailbox<HttpClientReply> replies;
        std::optional<Piece> held;
        {
            HttpClient client;
            client.send(request_into(pieces, server.url()),
                        [&](HttpClientReply reply) { replies.put(std::move(reply)); });
            held = pieces.take();
            REQUIRE(held);
            client.stop();
            const auto reply = replies.take(0ms);
            REQUIRE(reply);
            CHECK(reply->problem.ends_with(": the HTTP client has been stopped"));
        }
        held->next(HttpBodyNext::go_on);  // the client has gone
        CHECK(pieces.size() == 0);
    }

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    TEST_CASE("a body of twenty megabytes takes no more memory than its pieces") {
        constexpr std::size_t bytes = 20'000'000;
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_message();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes) +
                            "\r\n\r\n");
            const std::string block(10'000, 'x');
            for (std::size_t sent = 0; sent < bytes; sent += block.size()) {
                connection.send(block);
            }
        });
        HttpClient client;
        HttpClientRequest request;
        request.url = server.url();
        const auto before = resident_kilobytes();
        std::size_t received = 0;
        long most = 0;
        request.sink = [&](const std::string& piece, Next next) {
            received += piece.size();
            most = std::max(most, resident_kilobytes());
            next(HttpBodyNext::go_on);
        };
        CHECK(client.fetch(request).outcome == HttpOutcome::replied);
        CHECK(received == bytes);
        CHECK(most - before < 4'000);
    }
#endif
}
