#include "durable/operator/upkeep.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <fstream>

#include "durable/database/attempt_log.hpp"
#include "durable/inbox/inbox_batches.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/operator/operator_view.hpp"
#include "durable/operator/waiting.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

durable::Upkeep upkeep(Place& place) {
    return {place.connection(), place.data_directory(), durable::default_platform};
}

std::vector<MessageStory> stories(Place& place, const StoryFilter& filter) {
    return upkeep(place).stories(filter, [](const std::string& account) { return account; });
}

void set_aside(Place& place, std::int64_t seq) {
    place.session() << "update inbox set state = 2, attempts = 3, finished_at_ms = 1,"
                       " reason = 'of no use' where seq = :seq",
        soci::use(seq);
}

TEST_SUITE("state/upkeep") {
    TEST_CASE("a story has the event and each part of its answer, in order") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("corp/app/id/m1"));
            accept(*store, event("corp/app/id/m2", "lisi"));
            auto answer = in_parts({"one", "two"});
            answer.settles = 1;
            answer.answers = 1;
            const auto parts = enqueue(*store, answer).value();
            delivered(*store, parts[0].seq);
            const auto first = stories(place, {.id = "m1"});
            REQUIRE(first.size() == 1);
            CHECK(first[0].account == hr);
            CHECK(first[0].chat.value == "ww1:zhangsan");
            REQUIRE(first[0].moments.size() == 5);
            CHECK(first[0].moments[0].at == place.clock.now());
            CHECK(first[0].moments[1].sentence == "answered, and the answer is stored");
            CHECK(first[0].moments[2].sentence ==
                  "attempt 1 to send part 1 of 2 of the answer: taken after 0.14 s");
            CHECK(first[0].moments[3].sentence ==
                  "part 1 of 2 of the answer was taken by the platform, its message id is "
                  "msgid-1");
            CHECK(first[0].moments[4].sentence == "part 2 of 2 of the answer waits to be sent");
            CHECK(stories(place, {.id = "1"})[0].event == first[0].event);
            CHECK(stories(place, {.chat = "WW1:LISI"})[0].moments[1].sentence ==
                  "waits for the agent");
            CHECK(stories(place, {.limit = 5}).size() == 2);
            CHECK(stories(place, {.id = "out-99"}).empty());
        });
    }

    TEST_CASE("a story tells of each attempt when it began, how long it took and what came of it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("corp/app/id/m1"));
            const auto begun = place.clock.now();
            {
                Host host(*store);
                host.begin_next();
                flush(*store);
                end_without_stop(store, place);
            }
            store = place.open();
            place.clock.advance(60s);
            Host host(*store);
            host.begin_next();
            auto answer = message("words");
            answer.settles = 1;
            answer.answers = 1;
            const auto seq = enqueue(*store, answer).value()[0].seq;
            const auto answered = place.clock.now();
            place.clock.advance(5s);
            store->outbox().record_retry({.seq = seq,
                                          .attempts = 1,
                                          .not_before = place.clock.steady_now(),
                                          .code = -1,
                                          .reason = "-1: busy",
                                          .took = 2s},
                                         [](auto) {});
            place.clock.advance(30s);
            failed(*store, seq, "60111: nobody", 60111);

            const auto moments = stories(place, {.id = "m1"}).at(0).moments;
            REQUIRE(moments.size() == 7);
            CHECK(moments[1].sentence == "attempt 1 of the agent begins");
            CHECK(moments[1].at == begun);
            CHECK(moments[2].sentence == "attempt 2 of the agent begins");
            CHECK(moments[2].at == begun + 60s);
            CHECK(moments[3].at == answered);
            CHECK(moments[4].sentence ==
                  "attempt 1 to send the answer: failed after 2 s: -1: busy");
            CHECK(moments[4].at == answered + 3s);
            CHECK(moments[5].sentence ==
                  "attempt 2 to send the answer: failed after 0.06 s: 60111: nobody");
            CHECK(moments[5].at == answered + 35s - 60ms);
            CHECK(moments[6].sentence.starts_with("the answer was set aside as out-1"));
        });
    }

    TEST_CASE("an attempt is told once, however often its commit is repeated") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("corp/app/id/m1"));
            const auto seq = enqueue(*store, message("words")).value()[0].seq;
            store.reset();
            const auto database = place.raw();
            const auto logged = [&](const char* table) {
                std::string log;
                database->session() << "select attempt_log from " << table, soci::into(log);
                return durable::read_attempts(log).size();
            };
            durable::RetryRecord retry;
            retry.seq = seq;
            retry.attempts = 1;
            for (int i = 0; i < 2; ++i) {
                durable::charge_attempt(*database, 1, 1, 7, durable::RowTime{10, 1});
                durable::mark_retry(*database, retry, 0, durable::entry_of({.failure = "busy"}));
                if (place.name() == "PostgreSQL") {
                    database->begin();
                    durable::gather_charge(*database, 1, 1, 7, durable::RowTime{10, 1});
                    CHECK(durable::charge_attempt(*database, 1, 1, 7, durable::RowTime{10, 1}));
                    database->commit();
                }
            }
            CHECK(logged("inbox") == 1);
            CHECK(logged("outbox") == 1);
            // In the next run it is another one.
            durable::charge_attempt(*database, 1, 1, 8, durable::RowTime{20, 2});
            CHECK(logged("inbox") == 2);
        });
    }

    TEST_CASE("a letter that answers nobody has a story of its own, and its attempts are counted") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto parts = enqueue(*store, in_parts({"one", "two"})).value();
            enqueue(*store, message("another"));
            failed(*store, parts[0].seq, "60111: nobody", 60111);
            for (const auto& part : parts) {
                const auto told = stories(place, {.id = "out-" + std::to_string(part.seq)});
                REQUIRE(told.size() == 1);
                CHECK(told[0].event.value.empty());
                CHECK(told[0].chat.value == "ww1:zhangsan");
                REQUIRE(told[0].moments.size() == 4);
                CHECK(told[0].moments[0].sentence == "given to send, and the message is stored");
                CHECK(told[0].moments[1].sentence ==
                      "attempt 1 to send part 1 of 2 of the message: failed after 0.06 s: 60111: "
                      "nobody");
                CHECK(told[0].moments[2].sentence.starts_with(
                    "part 1 of 2 of the message was set aside as out-1, after 1 failed attempt"));
                CHECK(told[0].moments[3].sentence.starts_with(
                    "part 2 of 2 of the message was set aside as out-2: "));
            }
            durable::OperatorView view(place.connection(), place.data_directory());
            const auto letters = view.dead_letters(10);
            REQUIRE(letters.size() == 1);
            CHECK(letters[0].attempts == 1);
        });
    }

    TEST_CASE("of a day of failures the first are kept, and the last attempt has its number") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            auto answer = message("words");
            answer.answers = 1;
            const auto seq = enqueue(*store, answer).value()[0].seq;
            for (int n = 1; n <= 300; ++n) {
                store->outbox().record_retry({.seq = seq,
                                              .attempts = n,
                                              .not_before = place.clock.steady_now(),
                                              .code = -1,
                                              .reason = "-1: busy",
                                              .took = 1s},
                                             [](auto) {});
            }
            delivered(*store, seq);
            const auto moments = stories(place, {.id = "1"}).at(0).moments;
            CHECK(moments.size() < 200);
            CHECK(moments[3].sentence ==
                  "attempt 1 to send the answer: failed after 1 s: -1: busy");
            CHECK(moments[moments.size() - 2].sentence ==
                  "attempt 301 to send the answer: taken after 0.14 s");
        });
    }

    TEST_CASE("what waits is listed with what it says, the inbox before the outbox") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("corp/app/id/m1"));
            accept(*store, event("corp/app/id/m2", "lisi"));
            auto answer = in_parts({"one", "two"});
            answer.settles = 1;
            answer.answers = 1;
            const auto parts = enqueue(*store, answer).value();
            enqueue(*store, message("unasked", "lisi"));
            const durable::LetterWords words{
                .name_of = [](const std::string& account) { return "name of " + account; },
                .read_event = [](const std::string& payload) { return "read: " + payload; },
                .read_part = [](const std::string& payload) { return "part: " + payload; }};
            auto waiting = upkeep(place).waiting(10, words);
            REQUIRE(waiting.size() == 3);
            CHECK(waiting[0].id == "in-2");
            CHECK(waiting[0].side == StateSide::inbox);
            CHECK(waiting[0].message_id == "m2");
            CHECK(waiting[0].chat.value == "ww1:lisi");
            CHECK(waiting[0].account == "name of " + std::string(hr));
            CHECK(waiting[0].preview.starts_with("read: "));
            CHECK(waiting[0].created_at == place.clock.now());
            CHECK(waiting[1].id == "out-" + std::to_string(parts[0].seq));
            CHECK(waiting[1].side == StateSide::outbox);
            CHECK(waiting[1].message_id == "m1");
            CHECK(waiting[2].message_id.empty());
            CHECK(upkeep(place).waiting(1, words).size() == 2);
            delivered(*store, parts[0].seq);
            CHECK(upkeep(place).waiting(10, words)[1].id == waiting[1].id);
            delivered(*store, parts[1].seq);
            CHECK(upkeep(place).waiting(10, words).size() == 2);
        });
    }

    TEST_CASE("who is forgotten leaves no text, and the others keep theirs") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("dead", "Alice.of.Accounting"));
            accept(*store, event("other", "lisi"));
            accept(*store, event("waits", "Alice.of.Accounting"));
            set_aside(place, 1);
            set_aside(place, 2);
            failed(*store, enqueue(*store, message("hers", "Alice.of.Accounting")).value()[0].seq,
                   "no");
            failed(*store, enqueue(*store, message("his", "lisi")).value()[0].seq, "no");
            const auto later = place.clock.now() + 1h;
            store->facts().save({"name", hr, "alice.of.accounting"}, "Alice A.", later);
            store->facts().save({"name", sales, "alice.of.accounting"}, "of another corp", later);
            store->facts().save({"question", hr, "task1"}, R"({"chat":"ww1:Alice.of.Accounting"})",
                                later);
            store->facts().save({"question", hr, "ww1:lisi"}, R"({"chat":"ww1:lisi"})", later);
            flush(*store);

            const auto gone = upkeep(place).forget({.chat = "ww1:alice.of.accounting",
                                                    .member = "alice.of.accounting",
                                                    .media_folder = ""});
            CHECK(gone.texts == 2);
            CHECK(gone.remembered == 2);
            CHECK(gone.under_way == 1);
            CHECK(event_row(place, 1).payload.empty());
            CHECK(event_row(place, 1).state == 1);
            CHECK_FALSE(event_row(place, 2).payload.empty());
            CHECK_FALSE(event_row(place, 3).payload.empty());
            CHECK(count(place, "outbox") == 1);
            CHECK(count(place, "facts") == 2);
            // Its callback is still known.
            CHECK(accept(*store, event("dead", "Alice.of.Accounting")).value() ==
                  durable::Accepted::duplicate);
        });
    }

    TEST_CASE("a backup holds what was committed, and a damaged place is told") {
        SqlitePlace place;
        auto store = place.open();
        accept(*store, event("m1"));
        const auto file = place.data_directory() + "/copy.db";
        CHECK(upkeep(place).back_up(file) == file + " holds all of " + store->location() +
                                                 ": 1 waiting in the inbox, 0 in the outbox");
        CHECK_THROWS_AS(upkeep(place).back_up(file), std::runtime_error);
        CHECK_THROWS_AS(upkeep(place).back_up("/nowhere/copy.db"), std::runtime_error);
        CHECK_FALSE(std::ifstream("/nowhere/copy.db"));
    }

    TEST_CASE("what waits and what was set aside is counted by account") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            accept(*store, event("m2"));
            accept(*store, event("m3", "lisi", sales));
            set_aside(place, 3);
            enqueue(*store, in_parts({"one", "two"}));
            const auto database = place.raw();
            const auto waiting = durable::count_waiting(*database);
            REQUIRE(waiting.size() == 2);
            CHECK(waiting[0].side == StateSide::inbox);
            CHECK(waiting[0].account == hr);
            CHECK(waiting[0].rows == 2);
            CHECK(waiting[0].oldest == place.clock.now());
            CHECK(waiting[1].side == StateSide::outbox);
            CHECK(waiting[1].rows == 2);
            const auto dead = durable::count_set_aside(*database);
            REQUIRE(dead.size() == 1);
            CHECK(dead[0].account == sales);
            CHECK(dead[0].letters == 1);
        });
    }
}

}  // namespace
}  // namespace hermes::test
