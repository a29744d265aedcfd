// PostgreSQL sessions that outlive their gateway, and commits that do not end.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <thread>

#include "integration/state/store_rig.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using wecom::StateError;
using wecom::Store;
using wecom::StoreHealth;

constexpr const char* holders =
    "pg_locks l join pg_stat_activity a on a.pid = l.pid where l.locktype"
    " = 'advisory' and l.granted and a.datname = current_database()";

// The session of a gateway whose machine went away without a word: the server believes in it.
class Ghost {
public:
    explicit Ghost(const Place& place, const std::string& name) : database_(place.raw()) {
        database_->session() << "set application_name = '" + name + "'";
        int taken = 0;
        while (taken == 0) {  // until the server has noticed the end of the one before
            database_->session() << "select pg_try_advisory_lock(1213674306, 1)::int",
                soci::into(taken);
        }
    }

private:
    std::unique_ptr<wecom::Database> database_;
};

std::string name_of_gateway(const Place& place) {
    std::string name;
    place.raw()->session() << "select a.application_name from " << holders, soci::into(name);
    return name;
}

// No commit ends: as with a synchronous standby that is missing.
class MissingStandby {
public:
    explicit MissingStandby(const Place& place) : database_(place.raw()) {
        set("alter system set synchronous_standby_names = 'nobody'", "nobody");
    }
    ~MissingStandby() { end(); }
    void end() {
        if (database_) {
            set("alter system reset synchronous_standby_names", "");
            database_.reset();
        }
    }

private:
    void set(const char* statement, const std::string& expected) {
        auto& sql = database_->session();
        sql << statement;
        sql << "select pg_reload_conf()";
        std::string value = "?";
        while (value != expected) {
            sql << "show synchronous_standby_names", soci::into(value);
        }
    }
    std::unique_ptr<wecom::Database> database_;
};

TEST_SUITE("state/postgresql") {
    TEST_CASE("a session that nobody closed does not keep its own gateway from starting again") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        auto store = place.open();
        const auto name = name_of_gateway(place);
        CHECK(name.starts_with("hermes gateway "));
        store.reset();
        const Ghost ghost(place, name);
        store = place.open();
        CHECK(accept(*store, event("m1")).has_value());
    }

    TEST_CASE("nor from writing again after its connection was lost") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        auto store = place.open();
        const auto name = name_of_gateway(place);
        place.raw()->session() << "select pg_terminate_backend(l.pid) from " << holders;
        const Ghost ghost(place, name);
        const auto until = std::chrono::steady_clock::now() + patience;
        bool accepted = false;
        for (int n = 0; !accepted && std::chrono::steady_clock::now() < until; ++n) {
            accepted = accept(*store, event("m" + std::to_string(n))).has_value();
        }
        CHECK(accepted);
    }

    TEST_CASE("the session of another gateway is left alone") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        place.open();
        const Ghost ghost(place, "hermes gateway of somebody else");
        CHECK(refusal(place.options()).starts_with("another gateway (server process "));
    }

    TEST_CASE("a commit that does not end is unavailable, said once, and ends when it can") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        Mailbox<StoreHealth> healths;
        auto options = place.options();
        options.on_health = [&](const StoreHealth& health) { healths.put(health); };
        Store store(options);
        REQUIRE(accept(store, event("before")).has_value());
        MissingStandby hang(place);
        Mailbox<wecom::Result<wecom::Accepted>> outcome;
        store.inbox().accept(event("m1"),
                             [&](wecom::Result<wecom::Accepted> result) { outcome.put(result); });
        const auto until = std::chrono::steady_clock::now() + patience;
        while (store.health().available && std::chrono::steady_clock::now() < until) {
            std::this_thread::yield();
        }
        store.watch();
        store.watch();
        const auto health = healths.take();
        REQUIRE(health);
        CHECK_FALSE(health->available);
        CHECK(health->problem.find("busy with one commit for more than 3 s") != std::string::npos);
        CHECK(health->summary == "the message store does not finish a commit");
        CHECK(healths.size() == 0);
        CHECK(accept(store, event("m2")).error() == StateError::stuck);  // at once
        CHECK(outcome.size() == 0);
        hang.end();
        CHECK(outcome.take()->value() == wecom::Accepted::stored);
        CHECK(healths.take()->available);
        CHECK(store.health().available);
        CHECK(accept(store, event("m1")).value() == wecom::Accepted::duplicate);
        CHECK(accept(store, event("m2")).value() == wecom::Accepted::stored);
    }

    TEST_CASE("a store stops in time although a commit does not end") {
        auto* server = PostgresServer::instance();
        if (server == nullptr) {
            return;
        }
        const PostgresPlace place(*server);
        auto store = place.open();
        MissingStandby hang(place);
        Mailbox<bool> told;
        store->inbox().accept(event("m1"), [&](const auto&) { told.put(true); });
        const auto start = std::chrono::steady_clock::now();
        store->stop();
        CHECK(std::chrono::steady_clock::now() - start < 9s);
        CHECK(told.take());
        store.reset();
        hang.end();
        store = place.open();
        CHECK(accept(*store, event("m2")).has_value());
    }
}

}  // namespace
}  // namespace hermes::test
