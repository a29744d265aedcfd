// PostgreSQL: sessions that nobody closed, and commits that do not end.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "durable/database/location.hpp"
#include "durable/database/reader.hpp"
#include "durable/database/soci_library.hpp"
#include "durable/database/state_failure.hpp"
#include "durable/engine.hpp"
#include "integration/durable/missing_standby.hpp"
#include "integration/durable/repeated.hpp"
#include "integration/durable/sessions_rig.hpp"
#include "support/half_open_proxy.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::PostgresqlConnector;
using durable::StateError;
using durable::StateException;
using durable::Store;

// What SOCI says first, on a connection of which libpq has told nobody yet.
constexpr const char* words_of_soci = "extra_float_digits";

bool accepts_within(Store& store, const std::string& key, std::chrono::seconds limit) {
    return eventually([&] { return accept(store, event(key)).has_value(); }, limit);
}

// Accepts one event after the other, so that the first commit that hangs is soon waited for by one
// of them, even if a beat of the gateway hung before; goes on until hang_is_certain().
class Accepting {
public:
    explicit Accepting(Store& store)
        : ended_(std::async(std::launch::async, [this, &store] { accept_all(store); })) {}
    ~Accepting() { last_ = true; }
    Accepting(const Accepting&) = delete;
    Accepting& operator=(const Accepting&) = delete;
    void hang_is_certain() { last_ = true; }
    void wait() { ended_.get(); }
    // Before this time no commit hung.
    std::chrono::steady_clock::time_point last_began() const { return began_; }

private:
    void accept_all(Store& store) {
        for (int number = 0; !last_; ++number) {
            CHECK(store.health().available);
            began_ = std::chrono::steady_clock::now();
            CHECK(accept(store, event("a" + std::to_string(number))).value() ==
                  durable::Accepted::stored);
        }
    }

    std::atomic<bool> last_{false};
    std::atomic<std::chrono::steady_clock::time_point> began_{std::chrono::steady_clock::now()};
    std::future<void> ended_;
};

class NoCourier final : public durable::Courier {
public:
    void deliver(durable::Parcel, Done) override { FAIL("it is another's to deliver"); }
};

TEST_SUITE("state/sessions") {
    TEST_CASE("a gateway whose old session is left on the server goes on within seconds") {
        ProxiedPlace place;
        auto store = place.open();
        CHECK(accept(*store, event("m1")).has_value());
        for (int time = 0; time < 3; ++time) {
            place.proxy.forget_clients();
            CHECK(accepts_within(*store, "again" + std::to_string(time), 5s));
        }
        CHECK(accept(*store, event("m1")).value() == durable::Accepted::duplicate);
    }

    TEST_CASE("one that is restarted gets its place within seconds") {
        ProxiedPlace place;
        auto store = place.open();
        place.proxy.forget_clients();
        const auto start = std::chrono::steady_clock::now();
        store.reset();
        CHECK(refusal(place.options()) == "it opened");
        CHECK(std::chrono::steady_clock::now() - start < 5s);
    }

    TEST_CASE("the session of another gateway is nobody's to end") {
        const PostgresPlace place;
        auto options = place.options();
        options.data_directory.clear();
        Store first(options, place.loop());
        const auto session = [&] {
            int pid = 0;
            place.session() << "select pid from gateways order by run limit 1", soci::into(pid);
            return pid;
        };
        const auto before = session();
        for (const bool with_directory : {true, false}) {
            const TempDirectory elsewhere;
            options.data_directory = with_directory ? elsewhere.path().string() : "";
            base::EventLoop loop;
            Store second(options, loop);
            CHECK(accept(second, event("m1")).has_value());
        }
        CHECK(accept(first, event("m1")).value() == durable::Accepted::duplicate);
        CHECK(session() == before);
    }

    TEST_CASE("a commit that does not end is unavailable after 3 s, told once, and recovers") {
        const PostgresPlace place;
        Watched watched(place.options());
        auto& store = *watched.store;
        Accepting accepting(store);
        {
            MissingStandby standby;
            REQUIRE(standby.wait_for_commits(1));
            accepting.hang_is_certain();
            const auto told = watched.healths.take();
            REQUIRE(told);
            const auto hung = watched.told_at.load() - accepting.last_began();
            CHECK(hung > 2500ms);
            CHECK(hung < 5s);
            CHECK_FALSE(told->available);
            CHECK(told->problem ==
                  "the state database " + store.location() +
                      " has been busy with one commit for more than 3 s (look at its disk, or at "
                      "its synchronous standby); callbacks are answered 503 until it ends");
            CHECK(told->summary == "the message store does not finish a commit");
            CHECK(store.health().problem == told->problem);
            auto fastest = std::chrono::steady_clock::duration::max();
            for (int time = 0; time < 5; ++time) {
                const auto asked = std::chrono::steady_clock::now();
                CHECK(accept(store, event("m2")).error() == StateError::stuck);
                fastest = std::min(fastest, std::chrono::steady_clock::now() - asked);
            }
            CHECK(fastest < 100ms);
            CHECK_FALSE(watched.healths.take(500ms));
        }
        accepting.wait();
        CHECK(watched.healths.take()->available);
        CHECK(store.health().available);
        CHECK(accept(store, event("m2")).value() == durable::Accepted::stored);
        CHECK(watched.healths.size() == 0);
    }

    TEST_CASE("without anybody who watches health tells it too") {
        const PostgresPlace place;
        auto store = place.open();
        Accepting accepting(*store);
        {
            MissingStandby standby;
            REQUIRE(standby.wait_for_commits(1));
            accepting.hang_is_certain();
            const auto start = std::chrono::steady_clock::now();
            while (store->health().available && standby.wait_for_commits(1)) {
            }
            CHECK(std::chrono::steady_clock::now() - start < 4s);
        }
        accepting.wait();
        CHECK(store->health().available);
    }

    TEST_CASE("a stop ends while the commit still hangs, and what it held is not lost") {
        const PostgresPlace place;
        {
            Watched watched(place.options());
            auto& store = *watched.store;
            MissingStandby standby;
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
        ProxiedPlace place;
        Watched watched(place.options());
        CHECK(accept(*watched.store, event("m1")).has_value());
        place.proxy.freeze();
        const auto start = std::chrono::steady_clock::now();
        CHECK(watched.store->routes().last_heard("ww1:zhangsan").value() == hr);
        CHECK(std::chrono::steady_clock::now() - start < 8s);
    }

    TEST_CASE("a connection on which nothing passes any more does not keep a stop waiting") {
        ProxiedPlace place;
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

    TEST_CASE("nor does it keep the stop of a command that waits for its message's end waiting") {
        ProxiedPlace place;
        auto gateway_options = place.options();
        gateway_options.connection = place.direct;
        Store gateway(gateway_options, place.loop());
        NoCourier courier;
        auto options = place.options(durable::GatewayKind::visitor);
        options.steady_clock = base::steady_clock();
        durable::Engine command(options);
        command.deliver_through(courier, {.accounts = {{hr, "app hr"}}});
        place.proxy.freeze_at("advisory_lock");  // with which it asks whether there is a gateway
        command.submit(message("m1"), {});
        CHECK(eventually([&] { return gateway.outbox().pending().value().size() == 1; }));
        CHECK(eventually([&] { return place.proxy.frozen() > 0; }));
        auto stopped = std::async(std::launch::async,
                                  [&] { command.stop(std::chrono::steady_clock::now(), {}); });
        CHECK(stopped.wait_for(12s) == std::future_status::ready);
        place.proxy.forget_clients();
    }

    // Whoever is at stop may end the process next.
    TEST_CASE("a connection that is being made is left behind only if it does not end either") {
        auto& server = PostgresServer::instance();
        HalfOpenProxy proxy(server.create_database());
        proxy.silence();
        PostgresqlConnector patient(30s);
        PostgresqlConnector impatient(1ms);
        const auto connect = [&](PostgresqlConnector& connector) {
            return std::async(std::launch::async,
                              [&] { connector.connect(proxy.url() + "?connect_timeout=20", 60s); });
        };
        auto ended = connect(patient);
        auto left_behind = connect(impatient);
        REQUIRE(eventually([&] { return proxy.frozen() == 2; }, 10s));
        impatient.give_up();
        CHECK_THROWS_AS(left_behind.get(), StateException);
        patient.give_up();
        proxy.resume();  // ends both
        CHECK_THROWS_AS(ended.get(), soci::soci_error);
    }

    TEST_CASE("nor does one that falls silent while it is made keep a stop waiting") {
        for (const auto* words : {words_of_soci, "synchronous_commit"}) {
            CAPTURE(std::string(words));
            ProxiedPlace place;
            Watched watched(place.options());
            place.proxy.freeze_at(words);
            place.proxy.forget_clients();
            auto accepted =
                std::async(std::launch::async, [&] { return accept(*watched.store, event("m1")); });
            REQUIRE(eventually([&] { return place.proxy.frozen() == 2; }, 10s));
            const auto start = std::chrono::steady_clock::now();
            watched.store->stop();
            CHECK(std::chrono::steady_clock::now() - start < 9s);
            accepted.get();
            place.proxy.freeze_at("");
            CHECK(refusal(place.options()) == "it opened");
        }
    }

    TEST_CASE("nor does one that falls silent when the place of a gateway is given up") {
        ProxiedPlace place;
        Watched watched(place.options());
        place.proxy.freeze_at("pg_advisory_unlock_all");
        auto stopped = std::async(std::launch::async, [&] { watched.store->stop(); });
        CHECK(eventually([&] { return place.proxy.frozen() == 1; }));
        CHECK(stopped.wait_for(9s) == std::future_status::ready);
        place.proxy.freeze_at("");
        place.proxy.forget_clients();
        CHECK(refusal(place.options()) == "it opened");
    }

    TEST_CASE("one that falls silent while it is made is made again") {
        ProxiedPlace place;
        Watched watched(place.options());
        place.proxy.freeze_at("synchronous_commit");
        place.proxy.forget_clients();
        Mailbox<bool> told;
        watched.store->outbox().enqueue(
            message("m1"), [&](const auto& outcome) { told.put(outcome.has_value()); });
        REQUIRE(eventually([&] { return place.proxy.frozen() == 2; }, 10s));
        place.proxy.freeze_at("");
        CHECK(told.take(20s) == true);
    }

    TEST_CASE("a server that says nothing does not keep anybody from the next one that is named") {
        auto& server = PostgresServer::instance();
        const auto direct = server.create_database();
        HalfOpenProxy proxy(direct);
        const auto port_at = direct.rfind(':');
        auto both = proxy.url();
        both.insert(both.rfind('/'),
                    ",127.0.0.1" + direct.substr(port_at, direct.rfind('/') - port_at));
        durable::Reader reader(durable::parse_location(both + "?connect_timeout=6", ""));
        const Repeated watcher(100ms, [&] { reader.watch(); });
        proxy.silence();
        reader.interrupt();
        const auto one = reader.read([](durable::Database& database) {
            int value = 0;
            database.session() << "select 1", soci::into(value);
            return value;
        });
        CHECK(one.has_value());
    }

    TEST_CASE("what was being written when nothing passed any more is written on a new one") {
        ProxiedPlace place;
        Watched watched(place.options());
        Host host(*watched.store);
        CHECK(accept(*watched.store, event("m1")).has_value());
        place.proxy.freeze();
        Mailbox<bool> told;
        watched.store->outbox().enqueue(
            message("m1"), [&](const auto& outcome) { told.put(outcome.has_value()); });
        CHECK(told.take(20s) == true);
        CHECK(accept(*watched.store, event("m2")).value() == durable::Accepted::stored);
        CHECK(watched.store->outbox().pending().value().size() == 1);
    }
}

}  // namespace
}  // namespace hermes::test
