// A hundred thousand pending events: what they cost in memory and time.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "durable/database/meta.hpp"
#include "durable/engine.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "integration/durable/cluster_rig.hpp"
#include "integration/durable/process_memory.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

constexpr int backlog = 100'000;

void fill(Place& place) {
    place.open();
    const auto database = place.raw();
    database->begin();
    for (int n = 0; n < backlog; ++n) {
        durable::insert_event(*database, event("m" + std::to_string(n), "user" + std::to_string(n)),
                              {1, 1});
    }
    database->commit();
}

// 100 000 replies of 500 bytes, in 20 000 chats.
void fill_outbox(const Place& place) {
    place.open();
    const auto database = place.raw();
    database->begin();
    for (int n = 0; n < backlog; ++n) {
        auto reply = message(std::string(500, 'x'), "user" + std::to_string(n % 20'000));
        reply.lifetime = 24h;
        durable::insert_parts(*database, reply, n + 1, {1, 1});
    }
    database->commit();
}

// A platform that answers nobody.
class SilentCourier final : public durable::Courier {
public:
    void deliver(durable::Parcel /*parcel*/, Done done) override {
        asked.put(0);
        pending_.push_back(std::move(done));
    }
    Mailbox<int> asked;

private:
    std::vector<Done> pending_;
};

TEST_SUITE("state/backlog") {
    TEST_CASE("with 100 000 replies pending in 20 000 chats the memory is small") {
        SqlitePlace place;
        fill_outbox(place);
        SilentCourier courier;
        const auto before = resident_kilobytes();
        auto options = place.options();
        options.steady_clock = base::steady_clock();
        durable::Engine engine(std::move(options));
        engine.deliver_through(courier, {.accounts = {{hr, "app hr"}}});
        engine.start({[](const durable::StoredEvent&) {}});
        for (std::size_t n = 0; n < durable::window_first; ++n) {
            REQUIRE(courier.asked.take());
        }
        CHECK(eventually([&] {  // page by page
            run_out(engine.loop());
            return engine.delivery().pending() == backlog;
        }));
        const auto grown = resident_kilobytes() - before;
        CHECK((grown < 64 * 1'024 || !memory_is_its_own));
        MESSAGE("100 000 replies pending: memory grew by " << grown / 1'024 << " MB");
    }

    TEST_CASE("a reply that is stored while the outbox is taken up again and again is sent once") {
        SqlitePlace place;
        place.open();
        {
            const auto database = place.raw();
            database->begin();
            for (int n = 0; n < 30'000; ++n) {  // of an app that is not configured any more
                const auto user = "user" + std::to_string(n);
                durable::insert_parts(*database, message("waits", user, "ww1:gone"), n + 1, {1, 1});
            }
            durable::announce_outside_change(*database);
            database->commit();
        }
        KeepingCourier courier;
        durable::Engine engine(place.options());
        engine.deliver_through(courier, {.accounts = {{hr, "app hr"}}});
        engine.start({[](const durable::StoredEvent&) {}});
        engine.submit(message("first"), [](const SendResult&) {});
        CHECK(courier.parcels.take() == "first");
        engine.submit(message("second"), [](const SendResult&) {});
        CHECK(courier.parcels.take() == "second");
    }

    TEST_CASE("with 100 000 pending in as many chats the start is quick and the memory small") {
        SqlitePlace place;
        fill(place);
        const auto before = resident_kilobytes();
        const auto start = std::chrono::steady_clock::now();
        auto store = place.open();
        Host host(*store);
        const auto started = std::chrono::steady_clock::now() - start;
        // A chat of its own, and yet behind the window: all is loaded when it is taken in.
        CHECK(accept(*store, event("new", "newcomer")).has_value());
        const auto accepted = std::chrono::steady_clock::now() - start;
        for (std::size_t i = 0; i < durable::in_flight_max; ++i) {
            REQUIRE(host.next());
        }
        // Work off a part: the rest must be known by then.
        for (std::int64_t seq = 1; seq <= 1'000; ++seq) {
            store->inbox().settle(seq);
            REQUIRE(host.next());
        }
        const auto grown = resident_kilobytes() - before;
        CHECK(started < 1s);
        CHECK(accepted < 1s);
        CHECK((grown < 100 * 1'024 || !memory_is_its_own));
        MESSAGE("100 000 pending: started in "
                << std::chrono::duration_cast<std::chrono::milliseconds>(started).count()
                << " ms, memory grew by " << grown / 1'024 << " MB");
    }

    TEST_CASE("a backlog is handed over completely, once, in order and with its newcomers") {
        SqlitePlace place;
        fill(place);
        auto store = place.open();
        Host host(*store);
        accept(*store, event("new", "user0"));
        std::int64_t last_of_user0 = 0;
        std::int64_t sum = 0;
        for (int i = 0; i <= backlog; ++i) {
            const auto handed = host.next();
            REQUIRE(handed);
            sum += handed->seq;
            if (handed->chat == "ww1:user0") {
                CHECK(handed->seq > last_of_user0);
                last_of_user0 = handed->seq;
            }
            store->inbox().settle(handed->seq);
        }
        CHECK(sum == std::int64_t{backlog + 1} * (backlog + 2) / 2);
        CHECK(last_of_user0 == backlog + 1);
        store->stop();
        CHECK(host.idle());
    }
}

}  // namespace
}  // namespace hermes::test
