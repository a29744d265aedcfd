// Several gateways, one PostgreSQL that is not at its best, and work that moves while it is done.
#include <doctest/doctest.h>

#include "durable/operator/operator_view.hpp"
#include "integration/durable/cluster_rig.hpp"
#include "support/processor_time.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

std::int64_t last_beat_ms(const Place& place) {
    std::int64_t beat_ms = 0;
    place.session() << "select max(beat_at_ms) from gateways", soci::into(beat_ms);
    return beat_ms;
}

// No beat is written until whoever has this ends its transaction.
std::unique_ptr<durable::Database> lock_gateways(const Place& place) {
    auto locker = place.raw();
    auto& sql = locker->session();
    sql << "set idle_in_transaction_session_timeout = 0";  // however slow the machine is
    sql << "begin";
    sql << "lock table gateways in access exclusive mode";
    return locker;
}

// Whether somebody waits for such a lock.
bool is_awaited(const Place& place) {
    int waiting = 0;
    place.session() << "select count(*) from pg_stat_activity where datname = current_database()"
                       " and wait_event_type = 'Lock'",
        soci::into(waiting);
    return waiting > 0;
}

// Tells after each beat whether its gateway is certain of its shards.
class WatchingServant final : public durable::ShardServant {
public:
    explicit WatchingServant(durable::Store& store) : store_(store) {}
    void take(durable::Shards) override {}
    void leave(durable::Shards) override {}
    durable::Shards busy() const override { return {}; }
    void look_at(const durable::Stored&) override {}
    void go_on() override { certain.put(store_.is_certain()); }

    Mailbox<bool> certain;

private:
    durable::Store& store_;
};

TEST_SUITE("state/cluster") {
    TEST_CASE("a server that takes no writes for a while is written to again once it does") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            const auto database = cluster.place.raw();
            auto& sql = database->session();
            std::string name;
            sql << "select current_database()", soci::into(name);
            sql << "alter database " << name << " set default_transaction_read_only = on";
            cluster.cut_off(0);
            CHECK(eventually([&] { return accept(gateway.store(), event("m1")).has_error(); }));
            sql << "alter database " << name << " reset default_transaction_read_only";
            CHECK(eventually([&] { return accept(gateway.store(), event("m2")).has_value(); }));
            CHECK(gateway.events.take());
        });
    }

    TEST_CASE("whoever stands still in the middle of a transaction stops nobody") {
        on_a_cluster([](Cluster& cluster) {
            cluster.add();
            const auto frozen = cluster.place.raw();
            frozen->session() << "begin";
            frozen->session() << "update meta set value = value where key = 'running_ms'";
            int pid = 0;
            frozen->session() << "select pg_backend_pid()", soci::into(pid);
            const auto before = last_beat_ms(cluster.place);
            CHECK(eventually([&] { return last_beat_ms(cluster.place) > before + 1'500; }, 4s));
            CHECK(eventually(
                [&] {
                    int sessions = 0;
                    cluster.place.session()
                        << "select count(*) from pg_stat_activity where pid = :pid",
                        soci::use(pid), soci::into(sessions);
                    return sessions == 0;
                },
                10s));
        });
    }

    TEST_CASE("a gateway that can't write its beats sends nothing, and does not keep busy") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            gateway.courier.in_trouble = true;
            const auto begun = begin_one(gateway, "zhangsan");
            gateway.reply(begun, "hello", [](const SendResult&) {});
            REQUIRE(gateway.courier.attempts.take() == "hello");
            const auto may_go = gateway.courier.may_go.take().value();
            CHECK(gateway.on_the_loop(may_go));
            const auto locker = lock_gateways(cluster.place);
            CHECK(eventually([&] { return !gateway.is_certain(); }, 5s));
            CHECK_FALSE(gateway.on_the_loop(may_go));  // if its upload has taken so long
            gateway.courier.in_trouble = false;
            const auto before = processor_time();
            CHECK_FALSE(gateway.courier.parcels.take(2s));
            CHECK(processor_time() - before < 1s);
            locker->session() << "rollback";
            CHECK(gateway.courier.parcels.take() == "hello");
        });
    }

    TEST_CASE("a beat is good for so long, and nothing is sent on the word of an older one") {
        on_a_cluster([](Cluster& cluster) {
            auto& clock = cluster.place.clock;
            auto& gateway = cluster.add(clock.steady_clock());
            gateway.courier.in_trouble = true;
            gateway.reply(begin_one(gateway, "zhangsan"), "hello", [](const SendResult&) {});
            const auto may_go = gateway.courier.may_go.take().value();
            const auto locker = lock_gateways(cluster.place);
            clock.advance(durable::beat_is_valid - 1ms);
            CHECK(gateway.is_certain());
            CHECK(gateway.on_the_loop(may_go));
            clock.advance(1ms);
            CHECK_FALSE(gateway.is_certain());
            CHECK_FALSE(gateway.on_the_loop(may_go));
            locker->session() << "rollback";
            CHECK(eventually([&] { return gateway.is_certain(); }));
        });
    }

    TEST_CASE("a beat that takes long counts from its beginning") {
        std::optional<WatchingServant> servant;
        on_a_cluster([&](Cluster& cluster) {
            auto& clock = cluster.place.clock;
            auto& gateway = cluster.add(clock.steady_clock());
            servant.emplace(gateway.store());
            gateway.on_the_loop([&] { return gateway.store().serve_shards_with(*servant); });
            const auto locker = lock_gateways(cluster.place);
            clock.advance(durable::beat_interval);
            REQUIRE(eventually([&] { return is_awaited(cluster.place); }));
            while (servant->certain.size() > 0) {  // those before it
                servant->certain.take();
            }
            clock.advance(durable::beat_is_valid);
            locker->session() << "rollback";
            CHECK(servant->certain.take() == false);
            CHECK(servant->certain.take() == true);
        });
    }

    TEST_CASE("a reply is not sent if its gateway became uncertain while it was read") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            gateway.courier.in_trouble = true;
            gateway.reply(begin_one(gateway, "zhangsan"), "hello", [](const SendResult&) {});
            REQUIRE(gateway.courier.attempts.take() == "hello");
            std::promise<void> readable;
            gateway.engine().beside().post([&] { readable.get_future().wait(); });
            CHECK_FALSE(gateway.courier.attempts.take(1'500ms));  // its second attempt reads
            const auto locker = lock_gateways(cluster.place);
            CHECK(eventually([&] { return !gateway.is_certain(); }, 5s));
            gateway.courier.in_trouble = false;
            readable.set_value();
            CHECK_FALSE(gateway.courier.parcels.take(500ms));
            locker->session() << "rollback";
            CHECK(gateway.courier.parcels.take() == "hello");
        });
    }

    TEST_CASE(
        "shards that were claimed while the claim could not be written are claimed all the same") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            cluster.add();
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 2); }));
            first.freeze();
            cluster.end(1);
            const auto locker = cluster.place.raw();
            locker->session() << "begin";
            locker->session() << "lock table shards in exclusive mode";  // reading it goes on
            first.thaw();
            CHECK(eventually([&] { return !first.is_certain(); }, 5s));
            locker->session() << "rollback";
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }, 5s));
        });
    }

    TEST_CASE("the running time of a gateway keeps step with the one that has counted most") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            cluster.place.session()
                << "update meta set value = value + 86400000 where key = 'running_ms'";
            CHECK(eventually([&] {
                const auto key = "m" + std::to_string(count(cluster.place, "inbox"));
                CHECK(accept(gateway.store(), event(key)).has_value());
                return count(cluster.place, "inbox", "received_run_ms > 86000000") > 0;
            }));
        });
    }

    TEST_CASE("what merely waits at the host keeps no shard from another gateway") {
        on_a_cluster([](Cluster& cluster) {
            constexpr int chats = 400;  // in all shards
            auto& first = cluster.add();
            for (int n = 0; n < chats; ++n) {
                const auto name = std::to_string(n);
                CHECK(accept(first.store(), event("m" + name, "user" + name)).has_value());
                REQUIRE(first.events.take());
            }
            auto& second = cluster.add();
            const auto moved = second.events.take();
            REQUIRE(moved);
            CHECK(first.withdrawn.take());
            CHECK_FALSE(first.begin(moved->seq));
            CHECK(second.begin(moved->seq));
            CHECK(second.reply(*moved, "hello").status == SendStatus::delivered);
        });
    }

    TEST_CASE("a gateway that is drained begins nothing new, and is empty after its last turn") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(0);
            const auto begun = begin_one(first, user);
            cluster.drain(0);
            CHECK(eventually([&] {
                int shards = 0;
                cluster.place.session()
                    << "select count(*) from shards where run = (select min(run) from gateways)",
                    soci::into(shards);
                return shards == 1;
            }));
            CHECK(accept(first.store(), event("m2", user)).has_value());
            flush(first.store());
            CHECK_FALSE(first.events.take(500ms));
            CHECK(first.reply(begun, "the last").status == SendStatus::delivered);
            const auto next = second.events.take();
            REQUIRE(next);
            CHECK(next->chat == begun.chat);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }));
        });
    }

    TEST_CASE("a gateway that was taken for dead while it was drained comes back drained") {
        on_a_cluster([](Cluster& cluster) {
            cluster.add();
            cluster.add();
            cluster.drain(0);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }));
            cluster.place.session() << "delete from gateways where drained = 1";
            CHECK(eventually([&] { return count(cluster.place, "gateways", "drained = 1") == 1; }));
            CHECK(is_shared_fairly(cluster.place, 1));
        });
    }

    TEST_CASE("what any of several gateways works on is counted as worked on") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            cluster.add();
            begin_one(first, cluster.user_of(0));
            durable::OperatorView view(cluster.place.connection(), cluster.place.data_directory());
            const auto inbox = view.summary().inbox;
            CHECK(inbox.in_flight == 1);
            CHECK(inbox.retrying == 0);
        });
    }
}

}  // namespace
}  // namespace hermes::test
