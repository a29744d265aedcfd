// PostgreSQL with a standby: which of them is written and read, and what one that is promoted
// lacks.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <string>

#include "durable/database/database.hpp"
#include "durable/database/location.hpp"
#include "durable/database/reader.hpp"
#include "durable/database/state_error.hpp"
#include "durable/engine.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/eventually.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {
namespace {

int one(durable::Database& database) {
    int value = 0;
    database.session() << "select 1", soci::into(value);
    return value;
}

// As a standby that is promoted without the latest rows, and without the numbers that they took.
void lose(const PostgresPlace& place, const std::string& table, std::int64_t seq) {
    const auto database = place.raw();
    auto& sql = database->session();
    sql << "delete from " << table << " where seq = " << seq;
    sql << "select setval('" << table << "_seq_seq', " << seq << ", false)";
    PostgresServer::instance().end_sessions();
}

TEST_SUITE("state/fail_over") {
    TEST_CASE("a standby that is named before the primary is passed over, and refused alone") {
        const PostgresPlace place;
        const auto primary = place.connection();
        const auto name = primary.substr(primary.rfind('/') + 1);
        const auto standby = PostgresServer::standby(name);
        auto both = primary;
        both.insert(both.rfind('@') + 1, "127.0.0.1:" + std::to_string(standby->port()) + ',');

        durable::Reader reader(durable::parse_location(both, ""));
        CHECK(reader.read(one).value() == 1);
        auto options = place.options();
        options.connection = both;
        durable::Store store(options, place.loop());
        CHECK(accept(store, event("m1")).value() == durable::Accepted::stored);
        CHECK(count(place, "inbox") == 1);

        for (const auto* query : {"?connect_timeout=3", "?target_session_attrs=any"}) {
            const auto alone = durable::parse_location(standby->url(name) + query, "");
            CHECK_THROWS_WITH_AS(durable::Reader{alone},
                                 ("the state database " + alone.shown +
                                  " cannot be opened: it is a standby, which takes no writes: name "
                                  "the primary, or both, separated by a comma")
                                     .c_str(),
                                 durable::StoreOpenError);
        }
    }

    TEST_CASE("an event is not taken for one of its number that a promoted standby lacks") {
        const PostgresPlace place;
        const auto store = place.open();
        Host host(*store);
        REQUIRE(accept(*store, event("lost")).has_value());
        const auto lost = host.begin_next();
        lose(place, "inbox", lost.seq);
        REQUIRE(eventually([&] { return accept(*store, event("kept", "lisi")).has_value(); }));
        const auto kept = host.begin_next();
        CHECK(kept.seq != lost.seq);
        store->inbox().settle(lost.seq);
        flush(*store);
        CHECK(event_row(place, kept.seq).state == 0);
    }

    TEST_CASE("nor is a reply") {
        const PostgresPlace place;
        const auto store = place.open();
        const auto lost = enqueue(*store, message("lost")).value().front().seq;
        lose(place, "outbox", lost);
        std::int64_t kept = 0;
        REQUIRE(eventually([&] {
            const auto parts = enqueue(*store, message("kept"));
            kept = parts ? parts.value().front().seq : 0;
            return kept != 0;
        }));
        CHECK_FALSE(delivered(*store, lost));
        CHECK(count(place, "outbox", "state = 0 and seq = " + std::to_string(kept)) == 1);
    }
}

}  // namespace
}  // namespace hermes::test
