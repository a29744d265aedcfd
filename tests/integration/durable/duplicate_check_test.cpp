// Whether WeCom is asked to drop an equal request is decided once, when the message is stored.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "durable/operator/operator_view.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::DuplicateCheck;

std::int64_t store_one(durable::Store& store, durable::NewMessage message) {
    return enqueue(store, std::move(message)).value()[0].seq;
}

DuplicateCheck check_of(durable::Store& store, std::int64_t seq) {
    const auto part = store.outbox().load(seq).value();
    REQUIRE(part);
    return part->duplicate_check;
}

DuplicateCheck check_of_new(durable::Store& store, durable::NewMessage message) {
    return check_of(store, store_one(store, std::move(message)));
}

TEST_SUITE("state/duplicate check") {
    TEST_CASE("it is on for a first message and off for one that equals one that waits") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto first = store_one(*store, message("ok"));
            const auto second = store_one(*store, message("ok"));
            CHECK(check_of(*store, first) == DuplicateCheck::on);
            CHECK(check_of(*store, second) == DuplicateCheck::off);
            // And stays so, whatever becomes of the other, also after a restart.
            delivered(*store, first);
            store.reset();
            store = place.open();
            CHECK(check_of(*store, second) == DuplicateCheck::off);
        });
    }

    TEST_CASE("it is on for the same text in another chat and through another app") {
        on_each_database([](Place& place) {
            auto store = place.open();
            store_one(*store, message("ok", "zhangsan", hr));
            CHECK(check_of_new(*store, message("ok", "lisi", hr)) == DuplicateCheck::on);
            CHECK(check_of_new(*store, message("ok", "zhangsan", it)) == DuplicateCheck::on);
            CHECK(check_of_new(*store, message("OK", "zhangsan", hr)) == DuplicateCheck::on);
        });
    }

    TEST_CASE("one that was finished counts for four hours in which a gateway runs") {
        for (const bool dead : {false, true}) {
            on_each_database([&](Place& place) {
                auto store = place.open();
                const auto first = store_one(*store, message("ok"));
                place.clock.advance(7h);  // what counts is when it was finished
                if (dead) {
                    failed(*store, first, "no");
                } else {
                    delivered(*store, first);
                }
                place.clock.advance(4h - 1ms);
                const auto second = store_one(*store, message("ok"));
                CHECK(check_of(*store, second) == DuplicateCheck::off);
                place.session() << "delete from outbox where seq = " << second;
                store.reset();
                place.clock.advance(48h);  // nobody runs
                store = place.open();
                const auto third = store_one(*store, message("ok"));
                CHECK(check_of(*store, third) == DuplicateCheck::off);
                place.session() << "delete from outbox where seq = " << third;
                place.clock.advance(1ms);
                CHECK(check_of_new(*store, message("ok")) == DuplicateCheck::on);
            });
        }
    }

    TEST_CASE("of equal parts of one message only the first has it on") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto parts = enqueue(*store, in_parts({"same", "other", "same"})).value();
            CHECK(check_of(*store, parts[0].seq) == DuplicateCheck::on);
            CHECK(check_of(*store, parts[1].seq) == DuplicateCheck::on);
            CHECK(check_of(*store, parts[2].seq) == DuplicateCheck::off);
        });
    }

    TEST_CASE("a retry by the operator decides it anew") {
        on_each_database([](Place& place) {
            auto store = place.open();
            durable::OperatorView view(place.connection(), place.data_directory());
            const auto retry = [&](std::int64_t seq) {
                REQUIRE(view.retry("out-" + std::to_string(seq)));
                return check_of(*store, seq);
            };
            // Alone: its own first attempt may have reached WeCom.
            const auto first = store_one(*store, message("ok"));
            failed(*store, first, "no");
            CHECK(retry(first) == DuplicateCheck::on);
            // Beside one that waits.
            failed(*store, first, "no");
            const auto second = store_one(*store, message("ok"));
            CHECK(check_of(*store, second) == DuplicateCheck::off);
            CHECK(retry(first) == DuplicateCheck::off);
            // After one that was delivered lately, and long ago.
            failed(*store, first, "no");
            delivered(*store, second);
            CHECK(retry(first) == DuplicateCheck::off);
            failed(*store, first, "no");
            place.clock.advance(4h);
            store.reset();  // keeps the running time, by which the view goes
            store = place.open();
            CHECK(retry(first) == DuplicateCheck::on);
        });
    }

    TEST_CASE("equal parts of a letter that is retried are not taken for each other") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto parts = enqueue(*store, in_parts({"same", "other", "same"})).value();
            failed(*store, parts[0].message, "no");
            durable::OperatorView view(place.connection(), place.data_directory());
            REQUIRE(view.retry("out-" + std::to_string(parts[0].message)));
            CHECK(check_of(*store, parts[0].seq) == DuplicateCheck::on);
            CHECK(check_of(*store, parts[1].seq) == DuplicateCheck::on);
            CHECK(check_of(*store, parts[2].seq) == DuplicateCheck::off);
        });
    }
}

}  // namespace
}  // namespace hermes::test
