#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>

#include "durable/database/running_time.hpp"
#include "durable/database/statement.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

boost::system::error_code retry(durable::Store& store, durable::RetryRecord record) {
    Mailbox<boost::system::error_code> outcome;
    store.outbox().record_retry(std::move(record),
                                [&](boost::system::error_code error) { outcome.put(error); });
    return *outcome.take();
}

std::string plan_of(soci::session& sql, const std::string& condition) {
    std::string plan;
    const soci::rowset<soci::row> steps =
        (sql.prepare << "explain query plan select seq from outbox where " << condition);
    for (const auto& step : steps) {
        plan += step.get<std::string>(3) + '\n';
    }
    return plan;
}

TEST_SUITE("state/outbox") {
    TEST_CASE("the parts of a message are found without a look at all that there are") {
        SqlitePlace place;
        place.open();
        const auto database = place.raw();
        const auto plan = plan_of(database->session(), durable::is_part_of("7"));
        CHECK(plan.find("SCAN") == plan.npos);
        CHECK(plan.find("outbox_message") != plan.npos);
    }

    TEST_CASE("a message is durable, part by part in order, when its handler is told") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto stored = enqueue(*store, in_parts({"one", "two", "three"}));
            REQUIRE(stored.has_value());
            REQUIRE(stored->size() == 3);
            store.reset();
            store = place.open();
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 3);
            const std::vector<std::string> texts{"one", "two", "three"};
            for (std::size_t i = 0; i < 3; ++i) {
                CHECK(pending[i].seq == (*stored)[i].seq);
                CHECK(pending[i].message == (*stored)[0].seq);
                CHECK((*stored)[i].message == (*stored)[0].seq);
                CHECK(pending[i].account == hr);
                CHECK(pending[i].chat == "ww1:zhangsan");
                const auto part = store->outbox().load(pending[i].seq).value();
                REQUIRE(part);
                CHECK(part->seq == pending[i].seq);
                CHECK(part->message == (*stored)[0].seq);
                CHECK(part->part == static_cast<int>(i) + 1);
                CHECK(part->parts == 3);
                CHECK(part->account == hr);
                CHECK(part->chat == "ww1:zhangsan");
                CHECK(part->payload == texts[i]);
                CHECK(part->attempts == 0);
                CHECK(part->duplicate_check == durable::DuplicateCheck::on);
                CHECK(pending[i].deadline == place.clock.steady_now() + 24h);
                CHECK((*stored)[i].deadline == pending[i].deadline);
                CHECK(pending[i].not_before <= place.clock.steady_now());
                CHECK((*stored)[i].not_before <= place.clock.steady_now());
            }
        });
    }

    TEST_CASE("a reply settles its event in the commit that makes it durable") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            accept(*store, event("m1"));
            const auto handed = host.next();
            REQUIRE(handed);
            auto reply = message("answer");
            reply.settles = handed->seq;
            std::promise<std::pair<int, int>> seen;
            store->outbox().enqueue(reply, [&](const auto&) {
                int state = -1;
                int parts = -1;
                const auto database = place.raw();
                database->session() << "select state from inbox where seq = 1", soci::into(state);
                database->session() << "select count(*) from outbox", soci::into(parts);
                seen.set_value({state, parts});
            });
            CHECK(seen.get_future().get() == std::pair(1, 1));
            // And the chat moves on.
            for (int i = 0; i < static_cast<int>(durable::in_flight_lane_max); ++i) {
                accept(*store, event("next" + std::to_string(i)));
                REQUIRE(host.next());
            }
        });
    }

    TEST_CASE("a reply remembers which event it answers, whether it settles it or not") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto interim = message("wait");
            interim.answers = 7;
            auto final_reply = in_parts({"one", "two"});
            final_reply.answers = 7;
            final_reply.settles = 7;
            std::vector<std::int64_t> seqs;
            for (const auto& reply : {interim, final_reply, message("unasked")}) {
                for (const auto& part : enqueue(*store, reply).value()) {
                    CHECK(part.content->answers == reply.answers);
                    seqs.push_back(part.seq);
                }
            }
            store.reset();
            store = place.open();
            std::vector<std::int64_t> answers;
            for (const auto seq : seqs) {
                answers.push_back(store->outbox().load(seq).value()->answers);
            }
            CHECK(answers == std::vector<std::int64_t>{7, 7, 7, 0});
        });
    }

    TEST_CASE("a reply to an event that is settled already is a message all the same") {
        on_each_database([](Place& place) {
            auto store = place.open();
            for (int i = 0; i < 2; ++i) {
                auto reply = message("answer");
                reply.settles = 1;
                CHECK(enqueue(*store, reply).has_value());
            }
            CHECK(store->outbox().pending().value().size() == 2);
        });
    }

    TEST_CASE("a delivered part is pending no more, and its text is removed") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto stored = enqueue(*store, in_parts({"one", "two"})).value();
            CHECK_FALSE(delivered(*store, stored[0].seq, "id-1"));
            CHECK(store->outbox().pending().value().size() == 1);
            CHECK_FALSE(store->outbox().load(stored[0].seq).value());
            std::string payload = "?";
            place.session() << "select payload from outbox where seq = " << stored[0].seq,
                soci::into(payload);
            CHECK(payload.empty());
            const auto outcome = store->outbox().outcome(stored[0].message).value();
            CHECK(outcome.delivered == 1);
            CHECK(outcome.pending == 1);
            CHECK(outcome.last_msgid == "id-1");
        });
    }

    TEST_CASE(
        "a retry remembers its attempts, its time, its code and its reason, and is the same "
        "request") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto stored = enqueue(*store, message("hello")).value();
            durable::RetryRecord record;
            record.seq = stored[0].seq;
            record.attempts = 4;
            record.not_before = place.clock.steady_now() + 90s;
            record.code = 45009;
            record.reason = "no answer within 20 s";
            CHECK_FALSE(retry(*store, record));
            store.reset();
            store = place.open();
            CHECK(store->outbox().pending().value()[0].not_before == record.not_before);
            const auto part = store->outbox().load(stored[0].seq).value();
            CHECK(part->attempts == 4);
            CHECK(part->reason == record.reason);
            CHECK(part->payload == "hello");
            CHECK(part->duplicate_check == durable::DuplicateCheck::on);
            CHECK(count(place, "outbox", "code = 45009") == 1);
            CHECK(store->outbox().outcome(stored[0].seq).value().reason == record.reason);
        });
    }

    TEST_CASE("a failure sets aside what is left of the message, and nothing else") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto bad = enqueue(*store, in_parts({"one", "two", "three"})).value();
            const auto good = enqueue(*store, in_parts({"four", "five"})).value();
            delivered(*store, bad[0].seq);
            CHECK_FALSE(failed(*store, bad[0].message, "81013: no such member", 81013));
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 2);
            CHECK(pending[0].seq == good[0].seq);
            const auto outcome = store->outbox().outcome(bad[0].message).value();
            CHECK(outcome.delivered == 1);
            CHECK(outcome.dead == 2);
            CHECK(count(place, "outbox", "state = 2 and code = 81013") == 2);
            CHECK(outcome.reason == "81013: no such member");
        });
    }

    TEST_CASE("what was delivered to a chat lately is known after a restart, oldest first") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto start = place.clock.steady_now();
            for (const auto* user : {"zhangsan", "zhangsan", "lisi", "zhangsan"}) {
                place.clock.advance(10s);
                delivered(*store, enqueue(*store, message("hello", user)).value()[0].seq);
            }
            place.clock.advance(1h - 20s);
            store.reset();
            store = place.open();
            auto& outbox = store->outbox();
            // Another gateway's clock may lag, and with it what it has recorded.
            const auto began =
                start + (place.name() == "PostgreSQL" ? durable::running_time_lag
                                                      : std::chrono::milliseconds{0});
            // The first one, 10 s after the start, was an hour and 10 s ago.
            CHECK(outbox.delivered_lately(hr, "ww1:zhangsan").value() ==
                  std::vector{began + 20s, began + 40s});
            CHECK(outbox.delivered_lately(hr, "ww1:lisi").value() == std::vector{began + 30s});
            CHECK(outbox.delivered_lately(it, "ww1:lisi").value().empty());
        });
    }

    TEST_CASE("after a crash nothing counts as delivered in the future") {
        on_each_database([](Place& place) {
            auto store = place.open();
            place.clock.advance(30s);  // not kept yet
            delivered(*store, enqueue(*store, message("hello")).value()[0].seq);
            store.reset();
            place.session() << "update meta set value = 0 where key = 'running_ms'";
            store = place.open();
            const auto lately = store->outbox().delivered_lately(hr, "ww1:zhangsan").value();
            CHECK(lately == std::vector{place.clock.steady_now()});
        });
    }

    TEST_CASE("what was delivered lately is unknown, not nothing, while it can't be read") {
        auto& server = PostgresServer::instance();
        const PostgresPlace place;
        auto store = place.open();
        delivered(*store, enqueue(*store, message("hello")).value()[0].seq);
        server.stop();
        CHECK(store->outbox().delivered_lately(hr, "ww1:zhangsan").has_error());
        server.start();
    }

    TEST_CASE("thousands of pending parts are listed completely and in order") {
        on_each_database([](Place& place) {
            auto store = place.open();
            enqueue(*store, in_parts(std::vector<std::string>(2'345, "x")));
            std::size_t count = 0;
            std::int64_t last = 0;
            for (bool more = true; more;) {
                const auto page = store->outbox().pending(durable::Shards::all(), last).value();
                for (const auto& part : page) {
                    CHECK(part.seq > last);
                    last = part.seq;
                    ++count;
                }
                more = page.size() == durable::pending_page_rows;
            }
            CHECK(count == 2'345);
        });
    }

    TEST_CASE(
        "what a commit of unknown outcome has left is found, so that it is not stored twice") {
        on_each_database([](Place& place) {
            place.open();
            const auto database = place.raw();
            const auto sent = in_parts({"one", "two"});
            database->begin();
            durable::insert_parts(*database, in_parts({"one", "two"}, "lisi"), 7, {1'000, 1'000});
            const auto seqs = durable::insert_parts(*database, sent, 8, {1'000, 1'000});
            durable::insert_parts(*database, sent, 9, {1'000, 1'000});
            database->commit();
            CHECK(durable::find_parts(*database, 8) == seqs);
            CHECK(durable::find_parts(*database, 10).empty());
        });
    }

    TEST_CASE("the database itself takes the parts of one enqueue only once") {
        on_each_database([](Place& place) {
            place.open();
            const auto database = place.raw();
            durable::insert_parts(*database, message("one"), 8, {1'000, 1'000});
            CHECK_THROWS(durable::insert_parts(*database, message("one"), 8, {1'000, 1'000}));
            CHECK(count(place, "outbox") == 1);
        });
    }

    TEST_CASE("a visitor's message is announced to the gateway") {
        on_each_database([](Place& place) {
            auto gateway = place.open();
            const auto before = gateway->outbox().outside_changes().value();
            CHECK(enqueue(*gateway, message("its own")).has_value());
            CHECK(gateway->outbox().outside_changes().value() == before);
            auto visitor = place.open(durable::GatewayKind::visitor);
            const auto stored = enqueue(*visitor, message("from outside")).value();
            CHECK(gateway->outbox().outside_changes().value() != before);
            CHECK(gateway->outbox().pending().value().size() == 2);
            delivered(*gateway, stored[0].seq, "id-7");
            CHECK(visitor->outbox().outcome(stored[0].message).value().last_msgid == "id-7");
        });
    }

    TEST_CASE("after stop a message is not taken") {
        SqlitePlace place;
        auto store = place.open();
        store->stop();
        CHECK(enqueue(*store, message("late")).error() == durable::StateError::stopped);
    }
}

}  // namespace
}  // namespace hermes::test
