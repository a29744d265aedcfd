// Command-line tools beside a gateway, or in its place.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <optional>

#include "durable/database/schema.hpp"
#include "durable/operator/operator_view.hpp"
#include "integration/durable/cluster_rig.hpp"
#include "integration/durable/repeated.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::GatewayKind;
using durable::OperatorView;
using durable::Store;

std::string noun(const Place& place) {
    return durable::parse_location(place.connection(), place.data_directory()).noun();
}

std::string view_refusal(const Place& place) {
    try {
        OperatorView view(place.connection(), place.data_directory());
        return "it opened";
    } catch (const durable::StoreOpenError& error) {
        return error.what();
    }
}

std::string bytes_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void set_version(const Place& place, std::int64_t version) {
    place.session() << "update meta set value = " << version << " where key = 'schema_version'";
}

// The sessions that hold the place of a gateway or a visitor.
void end_those_at_work(const Place& place) {
    place.session() << "select count(pg_terminate_backend(pid)) from pg_locks"
                       " where locktype = 'advisory' and database ="
                       " (select oid from pg_database where datname = current_database())";
}

// A visitor in the gateway's place, which looks now and then whether one waits.
class PoliteVisitor {
public:
    explicit PoliteVisitor(
        Place& place, const std::function<void()>& make_room = [] {})
        : store_(place.open(GatewayKind::visitor)) {
        REQUIRE(eventually([&] {
            make_room();
            return store_->try_become_gateway();
        }));
        looks_.emplace(20ms, [this] {
            const auto waiting = store_->gateways_waiting();
            if (!resigned_ && waiting && *waiting > 0) {
                store_->resign();
                resigned_ = true;
            }
        });
    }
    bool resigned() const { return resigned_; }
    Store& store() { return *store_; }

private:
    std::unique_ptr<Store> store_;
    std::atomic<bool> resigned_{false};
    std::optional<Repeated> looks_;
};

TEST_SUITE("state/visitor") {
    TEST_CASE("a gateway that starts gets the place of a visitor at once") {
        on_each_database([](Place& place) {
            PoliteVisitor visitor(place);
            CHECK_FALSE(visitor.resigned());
            const auto start = std::chrono::steady_clock::now();
            auto gateway = place.open();
            CHECK(std::chrono::steady_clock::now() - start < 5s);
            CHECK(visitor.resigned());
            CHECK(accept(*gateway, event("m1")).has_value());
            // It is a visitor again: what it does is announced, and the place is taken.
            const auto before = gateway->outbox().outside_changes().value();
            CHECK(enqueue(visitor.store(), message("hello")).has_value());
            CHECK(gateway->outbox().outside_changes().value() != before);
            CHECK_FALSE(visitor.store().try_become_gateway());
            CHECK(refusal(place.options()).starts_with("another gateway ("));
        });
    }

    TEST_CASE("a visitor that came while no gateway was connected leaves when one is back") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            gateway.freeze();
            PoliteVisitor visitor(cluster.place, [&] { end_those_at_work(cluster.place); });
            gateway.thaw();
            CHECK(eventually([&] { return accept(gateway.store(), event("m1")).has_value(); }));
            CHECK(visitor.resigned());
        });
    }

    TEST_CASE("a visitor that had the place may have it again when the gateway is gone") {
        on_each_database([](Place& place) {
            PoliteVisitor visitor(place);
            place.open().reset();
            CHECK(visitor.resigned());
            CHECK(visitor.store().try_become_gateway());
            CHECK(visitor.store().gateways_waiting().value() == 0);
            visitor.store().resign();
            CHECK(place.open() != nullptr);
        });
    }

    TEST_CASE("a visitor that does not look keeps the place, and the gateway says who it is") {
        SqlitePlace place;
        auto visitor = place.open(GatewayKind::visitor);
        REQUIRE(visitor->try_become_gateway());
        CHECK(refusal(place.options()).starts_with("another gateway (process "));
        CHECK(visitor->gateways_waiting().value() > 0);
    }

    TEST_CASE("a second gateway does not wait for the first") {
        on_each_database([](Place& place) {
            auto gateway = place.open();
            const auto start = std::chrono::steady_clock::now();
            CHECK(refusal(place.options()).starts_with("another gateway ("));
            CHECK(std::chrono::steady_clock::now() - start < 2s);
        });
    }

    TEST_CASE("a visitor refuses an older state under a gateway that runs, and leaves it so") {
        on_each_database([](Place& place) {
            auto gateway = place.open();
            set_version(place, 1);
            CHECK(refusal(place.options(GatewayKind::visitor)) ==
                  "the " + noun(place) + " is of an older version (schema 1, this program writes " +
                      std::to_string(durable::schema_version) +
                      "): restart the gateway with this version, which brings it up to date");
            CHECK(count(place, "meta", "key = 'schema_version' and value = 1") == 1);
            CHECK(accept(*gateway, event("m1")).has_value());
        });
    }

    TEST_CASE("a visitor alone makes the state or brings it up to date") {
        on_each_database([](Place& place) {
            CHECK(enqueue(*place.open(GatewayKind::visitor), message("hello")).has_value());
            CHECK(place.open()->outbox().pending().value().size() == 1);
        });
    }

    TEST_CASE("to look changes nothing, not a byte") {
        SqlitePlace place;
        {
            auto store = place.open();
            accept(*store, event("m1"));
            failed(*store, enqueue(*store, message("hello")).value()[0].seq, "no");
        }
        const auto before = bytes_of(place.file());
        {
            OperatorView view("", place.data_directory());
            CHECK(view.summary().inbox.pending == 1);
            CHECK(view.dead_letters(10).size() == 1);
            CHECK(view.dead_letter("out-1"));
            CHECK_FALSE(view.retry("out-99"));
            CHECK_FALSE(view.drop("in-99"));
            CHECK(view.retry_all({.platform_code = 4711}) == 0);
        }
        CHECK(bytes_of(place.file()) == before);
    }

    TEST_CASE("to look does not wait for a write, nor keep one waiting") {
        SqlitePlace place;
        auto store = place.open();
        accept(*store, event("m1"));
        const auto other = place.raw();
        other->session() << "begin immediate";
        OperatorView view("", place.data_directory());
        CHECK(view.summary().inbox.pending == 1);
        other->session() << "rollback";
        CHECK(accept(*store, event("m2")).has_value());
    }

    TEST_CASE("a look at an older state, a newer one and none is a sentence") {
        on_each_database([](Place& place) {
            place.open();
            set_version(place, 1);
            CHECK(view_refusal(place) ==
                  "the " + noun(place) + " is of an older version (schema 1, this program writes " +
                      std::to_string(durable::schema_version) +
                      "): restart the gateway with this version, which brings it up to date");
            CHECK(count(place, "meta", "key = 'schema_version' and value = 1") == 1);
            set_version(place, durable::schema_version + 1);
            CHECK(view_refusal(place).starts_with("the " + noun(place) +
                                                  " was written by a newer version (schema " +
                                                  std::to_string(durable::schema_version + 1)));
        });
    }

    TEST_CASE("a look at an empty database makes nothing in it") {
        const PostgresPlace place;
        CHECK(view_refusal(place) == "the " + noun(place) +
                                         " is empty: no gateway has run with this configuration "
                                         "yet");
        CHECK(count(place, "pg_namespace", "nspname = 'messages'") == 0);
        CHECK_THROWS_AS(OperatorView(place.connection(), place.data_directory()),
                        durable::NoStateYet);
    }
}

}  // namespace
}  // namespace hermes::test
