// Requests whose body is made while it is sent.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <string>

#include "base/event_loop.hpp"
#include "http/http_client.hpp"
#include "integration/durable/process_memory.hpp"
#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/http_scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::base::EventLoop;
using hermes::http::HttpClient;
using hermes::http::HttpClientOptions;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;
using hermes::http::HttpServerOptions;

namespace {

using Answer = hermes::base::Result<std::string>;

using GiveNext = hermes::base::MoveOnlyFunction<void(Answer)>;

Answer unreadable() {
    return make_error_code(boost::system::errc::io_error);
}

HttpClientRequest upload(const std::string& url, std::uint64_t bytes,
                         hermes::http::HttpBodySource source) {
    HttpClientRequest request;
    request.method = "POST";
    request.url = url;
    request.source = std::move(source);
    request.source_bytes = bytes;
    return request;
}

// Gives the pieces, and then nothing.
auto at_once(std::deque<Answer> answers) {
    return [answers = std::move(answers)](GiveNext next) mutable {
        auto answer = answers.empty() ? Answer(std::string()) : std::move(answers.front());
        answers.pop_front();
        next(std::move(answer));
    };
}

// The same on another thread.
auto later(EventLoop& loop, std::deque<Answer> answers) {
    return [&loop, give = at_once(std::move(answers))](GiveNext next) mutable {
        loop.post([&give, next = std::move(next)]() mutable { give(std::move(next)); });
    };
}

// Megabytes, of which none is kept.
HttpClientRequest megabytes(const std::string& url, std::uint64_t count) {
    const auto bytes = count * 1'000'000;
    return upload(url, bytes, [left = bytes](GiveNext next) mutable {
        const auto size = std::min<std::uint64_t>(left, 65'536);
        left -= size;
        next(std::string(size, 'm'));
    });
}

// Takes requests and tells their bodies, one after the other.
struct TakingServer {
    Mailbox<RawMessage> taken;
    HttpScriptedServer server{[this](HttpSocket& connection, int) {
        while (auto request = connection.read_message()) {
            taken.put(std::move(*request));
            connection.send(http_ok("taken"));
        }
    }};
};

}  // namespace

TEST_SUITE("support/http_client source") {
    TEST_CASE("the pieces are sent in their order under the length that was said") {
        EventLoop loop;
        const std::deque<Answer> pieces{std::string("one "), std::string(200'000, 'x'),
                                        std::string(" three")};
        for (const bool is_later : {false, true}) {
            TakingServer taking;
            HttpClient client;
            const auto url = taking.server.url();
            const auto reply = client.fetch(is_later ? upload(url, 200'010, later(loop, pieces))
                                                     : upload(url, 200'010, at_once(pieces)));
            CHECK(reply.body == "taken");
            const auto raw = taking.taken.take();
            REQUIRE(raw);
            CHECK(raw->field("content-length") == "200010");
            CHECK(raw->body == "one " + std::string(200'000, 'x') + " three");
        }
    }

    TEST_CASE("the connection is used again after it") {
        TakingServer taking;
        HttpClient client;
        for (int n = 0; n < 3; ++n) {
            CHECK(client.fetch(upload(taking.server.url(), 5, at_once({std::string("piece")})))
                      .body == "taken");
        }
        CHECK(taking.server.connections() == 1);
    }

    TEST_CASE("it goes through TLS as well") {
        const TempDirectory directory;
        const auto files = make_certificate(directory.path(), "server", "IP:127.0.0.1");
        HttpServerOptions options;
        options.tls_certificate = files.certificate_file;
        options.tls_private_key = files.private_key_file;
        const RunningServer server(describe, options);
        HttpClientOptions trusting;
        trusting.ca_file = files.certificate_file;
        HttpClient client(trusting);
        const auto reply =
            client.fetch(upload("https://127.0.0.1:" + std::to_string(server.port()) + "/", 7,
                                at_once({std::string("one "), std::string("two")})));
        CHECK(reply.body == "POST / [one two]");
    }

    TEST_CASE("a source that fails ends the request with its reason") {
        TakingServer taking;
        HttpClient client;
        const auto reply = client.fetch(
            upload(taking.server.url(), 100, at_once({std::string("one"), unreadable()})));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem.ends_with(": the body can't be read: Input/output error"));
    }

    TEST_CASE("a source that gives less or more than was said ends the request") {
        TakingServer taking;
        HttpClient client;
        const auto problem_of = [&](std::deque<Answer> pieces) {
            return client.fetch(upload(taking.server.url(), 5, at_once(std::move(pieces)))).problem;
        };
        const auto* const wrong = ": the body is not as long as it was said to be";
        CHECK(problem_of({std::string("1234"), std::string()}).ends_with(wrong));
        CHECK(problem_of({std::string("123"), std::string("456")}).ends_with(wrong));
    }

    TEST_CASE("a server that hangs up in the middle is a failure, and the next request is not") {
        const HttpScriptedServer server([](HttpSocket& connection, int number) {
            if (number == 1) {
                connection.read_head();
                return;
            }
            connection.read_message();
            connection.send(http_ok("taken"));
        });
        HttpClient client;
        CHECK(client.fetch(megabytes(server.url(), 20)).outcome == HttpOutcome::maybe_sent);
        CHECK(client.fetch(megabytes(server.url(), 1)).body == "taken");
    }

    TEST_CASE("a server that refuses a request before it has all of it is heard") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_head();
            connection.send(
                "HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow");
        });
        HttpClient client;
        HttpClientRequest in_memory;
        in_memory.method = "POST";
        in_memory.url = server.url();
        in_memory.body = std::string(20'000'000, 'm');
        for (const auto& request : {in_memory, megabytes(server.url(), 20)}) {
            const auto reply = client.fetch(request);
            CHECK(reply.outcome == HttpOutcome::replied);
            CHECK(reply.status == 429);
            CHECK(reply.header("Retry-After") == "7");
            CHECK(reply.body == "slow");
        }
        CHECK(server.connections() == 2);
    }

    TEST_CASE("a server that hangs up in the middle has accepted nothing, whatever it says") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            connection.read_head();
            connection.send(http_ok("taken"));
        });
        HttpClient client;
        const auto reply = client.fetch(megabytes(server.url(), 20));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem.starts_with("write to " + server.address() + ": "));
        CHECK(reply.body == "");
    }

    TEST_CASE("a source that never answers is given up with the request's time") {
        TakingServer taking;
        Mailbox<GiveNext> kept;
        HttpClient client;
        auto request =
            upload(taking.server.url(), 100, [&](GiveNext next) { kept.put(std::move(next)); });
        request.timeout = 50ms;
        const auto reply = client.fetch(std::move(request));
        CHECK(reply.outcome == HttpOutcome::maybe_sent);
        CHECK(reply.problem.ends_with("timed out after 50 ms"));
        auto next = kept.take();
        REQUIRE(next);
        (*next)(std::string("too late"));  // to nobody
    }

    TEST_CASE("stopping the client ends a request that waits for its source") {
        TakingServer taking;
        Mailbox<GiveNext> kept;
        Mailbox<HttpClientReply> replies;
        HttpClient client;
        client.send(
            upload(taking.server.url(), 100, [&](GiveNext next) { kept.put(std::move(next)); }),
            [&](HttpClientReply reply) { replies.put(std::move(reply)); });
        REQUIRE(kept.take());
        client.stop();
        const auto reply = replies.take();
        REQUIRE(reply);
        CHECK(reply->problem.ends_with("the HTTP client has been stopped"));
    }

// A sanitizer keeps what was freed.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    TEST_CASE("twenty megabytes leave memory as it was") {
        const HttpScriptedServer server([](HttpSocket& connection, int) {
            while (connection.read_head()) {
                for (int megabyte = 0; megabyte < 20; ++megabyte) {
                    connection.read_bytes(1'000'000);
                }
                connection.send(http_ok("taken"));
            }
        });
        HttpClient client;
        CHECK(client.fetch(megabytes(server.url(), 20)).body == "taken");
        const auto before = resident_kilobytes();
        CHECK(client.fetch(megabytes(server.url(), 20)).body == "taken");
        CHECK(resident_kilobytes() - before < 4 * 1024);
    }
#endif
}
