// PostgreSQL: sessions that nobody closed, and commits that do not end.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <optional>

#include "integration/durable/half_open_proxy.hpp"
#include "integration/durable/missing_standby.hpp"
#include "integration/durable/repeated.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::StateError;
using durable::Store;
using durable::StoreHealth;

// A database that is reached through a proxy.
class ProxiedPlace final : public Place {
public:
    explicit ProxiedPlace(PostgresServer& server)
        : url_(server.create_database()), proxy(port_of(url_)) {
        const auto begin = url_.rfind(':') + 1;
        url_.replace(begin, url_.rfind('/') - begin, std::to_string(proxy.port()));
    }
    std::string name() const override { return "PostgreSQL behind a proxy"; }
    std::string connection() const override { return url_; }
    std::string data_directory() const override { return directory_.path().string(); }

private:
    static std::uint16_t port_of(const std::string& url) {
        return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    }
    std::string url_;
    TempDirectory directory_;

public:
    HalfOpenProxy proxy;
};

bool accepts_within(Store& store, const std::string& key, std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
        if (accept(store, event(key)).has_value()) {
            return true;
        }
    }
    return false;
}

// A store, and what is heard from it; watched as the adapter does it.
class Watched {
public:
    explicit Watched(durable::StoreOptions options) {
        options.on_health = [this](const StoreHealth& health) { healths.put(health); };
        store = std::make_unique<Store>(std::move(options), loop);
        watcher_.emplace(100ms, [this] { store->watch(); });
    }
    Mailbox<StoreHealth> healths;
    base::EventLoop loop;
    std::unique_ptr<Store> store;

private:
    std::optional<Repeated> watcher_;
};

TEST_SUITE("state/sessions") {
    TEST_CASE("a gateway whose old session is left on the server goes on within seconds") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        ProxiedPlace place(*server);
        auto store = place.open();
        CHECK(accept(*store, event("m1")).has_value());
        for (int time = 0; time < 3; ++time) {
            place.proxy.forget_clients();
            CHECK(accepts_within(*store, "again" + std::to_string(time), 5s));
        }
        CHECK(accept(*store, event("m1")).value() == durable::Accepted::duplicate);
    }

    TEST_CASE("one that is restarted gets its place within seconds") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        ProxiedPlace place(*server);
        auto store = place.open();
        place.proxy.forget_clients();
        const auto start = std::chrono::steady_clock::now();
        store.reset();
        CHECK(refusal(place.options()) == "it opened");
        CHECK(std::chrono::steady_clock::now() - start < 5s);
    }

    TEST_CASE("the session of another gateway is nobody's to end") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        ProxiedPlace place(*server);
        auto store = place.open();
        for (const bool with_directory : {true, false}) {
            const TempDirectory elsewhere;
            auto options = place.options();
            options.data_directory = with_directory ? elsewhere.path().string() : "";
            CHECK(refusal(options).starts_with("another gateway (server process "));
        }
        CHECK(accept(*store, event("m1")).has_value());
    }

    TEST_CASE("two gateways without a data directory don't end each other's sessions") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        auto options = place.options();
        options.data_directory.clear();
        Store store(options, place.loop());
        CHECK(refusal(options).starts_with("another gateway (server process "));
        CHECK(accept(store, event("m1")).has_value());
    }

    TEST_CASE("a commit that does not end is unavailable after 3 s, told once, and recovers") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        Watched watched(place.options());
        auto& store = *watched.store;
        std::future<base::Result<durable::Accepted>> first;
        {
            MissingStandby standby(*server);
            const auto start = std::chrono::steady_clock::now();
            first = std::async(std::launch::async, [&] { return accept(store, event("m1")); });
            REQUIRE(standby.wait_for_commits(1));
            CHECK(store.health().available);
            const auto told = watched.healths.take();
            REQUIRE(told);
            CHECK(std::chrono::steady_clock::now() - start > 2500ms);
            CHECK(std::chrono::steady_clock::now() - start < 5s);
            CHECK_FALSE(told->available);
            CHECK(told->problem ==
                  "the state database " + store.location() +
                      " has been busy with one commit for more than 3 s (look at its disk, or at "
                      "its synchronous standby); callbacks are answered 503 until it ends");
            CHECK(told->summary == "the message store does not finish a commit");
            CHECK(store.health().problem == told->problem);
            const auto asked = std::chrono::steady_clock::now();
            CHECK(accept(store, event("m2")).error() == StateError::stuck);
            CHECK(std::chrono::steady_clock::now() - asked < 100ms);
            CHECK_FALSE(watched.healths.take(500ms));
        }
        CHECK(first.get().value() == durable::Accepted::stored);
        CHECK(watched.healths.take()->available);
        CHECK(store.health().available);
        CHECK(accept(store, event("m2")).value() == durable::Accepted::stored);
        CHECK(watched.healths.size() == 0);
    }

    TEST_CASE("without anybody who watches health tells it too") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        auto store = place.open();
        std::future<base::Result<durable::Accepted>> first;
        {
            MissingStandby standby(*server);
            first = std::async(std::launch::async, [&] { return accept(*store, event("m1")); });
            REQUIRE(standby.wait_for_commits(1));
            const auto start = std::chrono::steady_clock::now();
            while (store->health().available && standby.wait_for_commits(1)) {
            }
            CHECK(std::chrono::steady_clock::now() - start < 4s);
        }
        CHECK(first.get().has_value());
        CHECK(store->health().available);
    }

    TEST_CASE("a stop ends while the commit still hangs, and what it held is not lost") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        {
            Watched watched(place.options());
            auto& store = *watched.store;
            MissingStandby standby(*server);
            Mailbox<bool> told;
            store.outbox().enqueue(message("hello"),
                                   [&](const auto& outcome) { told.put(outcome.has_value()); });
            REQUIRE(standby.wait_for_commits(1));
            store.outbox().enqueue(message("hello again"),
                                   [&](const auto& outcome) { told.put(outcome.has_value()); });
            const auto start = std::chrono::steady_clock::now();
            store.stop();
            CHECK(std::chrono::steady_clock::now() - start < 9s);
            CHECK(told.take() == false);
            CHECK(told.take() == false);
        }
        const auto start = std::chrono::steady_clock::now();
        auto store = place.open();
        CHECK(std::chrono::steady_clock::now() - start < 5s);
        CHECK(store->outbox().pending().value().size() == 2);
    }

    TEST_CASE(
        "a read on a connection on which nothing passes any more is given up and tried again") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        ProxiedPlace place(*server);
        Watched watched(place.options());
        CHECK(accept(*watched.store, event("m1")).has_value());
        place.proxy.freeze();
        const auto start = std::chrono::steady_clock::now();
        CHECK(watched.store->routes().last_heard("ww1:zhangsan").value() == hr);
        CHECK(std::chrono::steady_clock::now() - start < 8s);
    }

    TEST_CASE("a connection on which nothing passes any more does not keep a stop waiting") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        ProxiedPlace place(*server);
        Watched watched(place.options());
        Host host(*watched.store);
        CHECK(accept(*watched.store, event("m1")).has_value());
        REQUIRE(host.next());
        place.proxy.freeze();
        auto accepted =
            std::async(std::launch::async, [&] { return accept(*watched.store, event("m2")); });
        watched.store->inbox().reload();  // a read
        const auto start = std::chrono::steady_clock::now();
        watched.store->stop();
        CHECK(std::chrono::steady_clock::now() - start < 9s);
        accepted.get();
        CHECK(refusal(place.options()) == "it opened");
    }
}

}  // namespace
}  // namespace hermes::test
