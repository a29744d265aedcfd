// How the HTTP server comes to its end.
#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <optional>
#include <string>

#include "running_server.hpp"
#include "support/eventually.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;
using std::chrono::steady_clock;

namespace {

// A server whose requests wait in a mailbox for their answers.
struct Rig {
    explicit Rig(const HttpServerOptions& options = {})
        : server(std::make_unique<HttpServer>(
              options,
              [this](const HttpRequest&, Responder respond) { asked.put(std::move(respond)); })) {
        server->start();
    }
    HttpSocket connect() const { return HttpSocket::connect(server->port()); }

    Mailbox<Responder> asked;
    std::unique_ptr<HttpServer> server;
};

// Returns when nobody listens there any more.
bool wait_until_refused(std::uint16_t port) {
    const auto give_up = steady_clock::now() + patience;
    while (HttpSocket::try_connect(port)) {
        if (steady_clock::now() > give_up) {
            return false;
        }
    }
    return true;
}

}  // namespace

TEST_SUITE("support/http_server stop") {
    TEST_CASE("a request whose handler has been called is answered while the server stops") {
        Rig rig;
        auto client = rig.connect();
        client.send(get("/"));
        auto respond = rig.asked.take();
        REQUIRE(respond);
        const std::uint16_t port = rig.server->port();
        auto stopped = std::async(std::launch::async,
                                  [&] { rig.server->stop(steady_clock::now() + patience); });
        REQUIRE(wait_until_refused(port));
        (*respond)(HttpResponse());
        const auto response = client.read_message();
        REQUIRE(response);
        CHECK(response->status() == 200);
        CHECK(response->field("connection") == "close");
        CHECK(client.ends());
        CHECK(stopped.wait_for(patience / 2) == std::future_status::ready);
    }

    TEST_CASE("connections to which no answer is owed do not hold up a stop") {
        Rig rig;
        auto silent = rig.connect();
        auto half = rig.connect();
        half.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
        auto kept = rig.connect();
        kept.send(get("/"));
        auto respond = rig.asked.take();
        REQUIRE(respond);
        (*respond)(HttpResponse());
        REQUIRE(kept.read_message());
        const auto begin = steady_clock::now();
        rig.server->stop(begin + patience);
        CHECK(steady_clock::now() - begin < patience / 2);
        CHECK(silent.ends());
        CHECK(half.ends());
        CHECK(kept.ends());
    }

    TEST_CASE("what is not answered by the deadline is closed, and a later answer does nothing") {
        Rig rig;
        auto client = rig.connect();
        client.send(get("/"));
        auto respond = rig.asked.take();
        REQUIRE(respond);
        rig.server->stop(steady_clock::now() + 20ms);
        CHECK(client.ends());
        (*respond)(HttpResponse());
    }

    TEST_CASE("a responder may outlive its server") {
        std::optional<Responder> respond;
        std::optional<Responder> forgotten;
        {
            Rig rig;
            auto client = rig.connect();
            auto other = rig.connect();
            client.send(get("/"));
            respond = std::nullopt;
            auto first = rig.asked.take();
            REQUIRE(first);
            respond.emplace(std::move(*first));
            other.send(get("/"));
            auto second = rig.asked.take();
            REQUIRE(second);
            forgotten.emplace(std::move(*second));
        }
        (*respond)(HttpResponse());
        forgotten.reset();
    }

    TEST_CASE("a server may be stopped twice, and without having been started") {
        HttpServer never(HttpServerOptions(), describe);
        never.stop(steady_clock::now());
        RunningServer server;
        server->stop(steady_clock::now());
        server->stop(steady_clock::now());
        CHECK_FALSE(HttpSocket::try_connect(server.port()));
    }

    TEST_CASE("answers of other threads and a stop may meet at any moment") {
        for (int round = 0; round < 20; ++round) {
            HttpServerOptions options;
            options.threads = 2;
            Rig rig(options);
            std::vector<HttpSocket> clients;
            for (int i = 0; i < 8; ++i) {
                clients.push_back(rig.connect());
                clients.back().send(get("/"));
            }
            std::vector<Responder> open;
            for (int i = 0; i < 8; ++i) {
                auto respond = rig.asked.take();
                REQUIRE(respond);
                open.push_back(std::move(*respond));
            }
            auto answered = std::async(std::launch::async, [&] {
                for (auto& respond : open) {
                    respond(HttpResponse());
                }
            });
            rig.server->stop(steady_clock::now() + std::chrono::microseconds(round * 50));
        }
    }
}
