#include "state/operator_view.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include "integration/state/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using wecom::LetterSide;
using wecom::OperatorView;

std::unique_ptr<OperatorView> view(Place& place) {
    return std::make_unique<OperatorView>(place.connection(), place.data_directory());
}

void set_first_event_aside(Place& place) {
    const auto now_ms = support::to_unix_ms(place.clock.now());
    place.raw()->session() << "update inbox set state = 2, attempts = 3, finished_at_ms = :now,"
                              " reason = 'the agent began with it 3 times' where seq = 1",
        soci::use(now_ms);
}

TEST_SUITE("state/operator_view") {
    TEST_CASE("counts tell what is pending, in flight, retrying and dead, and how old it is") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto start = place.clock.now();
            accept(*store, event("dead"));
            set_first_event_aside(place);
            place.clock.advance(5s);
            accept(*store, event("m1"));
            Host host(*store, Host::Agent::begins);
            REQUIRE(host.next());
            const auto sent = enqueue(*store, message("sent")).value();
            delivered(*store, sent[0].seq);
            enqueue(*store, message("waits"));
            const auto retried = enqueue(*store, message("tried")).value();
            store->outbox().record_retry({retried[0].seq, 1, place.clock.steady_now(), -1, "busy"},
                                         {});
            auto parts = message("one");
            parts.parts = {"one", "two"};
            failed(*store, enqueue(*store, parts).value()[0].message, "no");
            place.clock.advance(5s);

            const auto overview = view(place)->overview();
            CHECK(overview.location == store->location());
            CHECK(overview.gateway_runs);
            CHECK(overview.inbox.pending == 0);
            CHECK(overview.inbox.in_flight == 1);
            CHECK(overview.inbox.retrying == 0);
            CHECK(overview.inbox.dead == 1);
            CHECK(overview.inbox.oldest == start + 5s);
            CHECK(overview.outbox.pending == 1);
            CHECK(overview.outbox.in_flight == 0);
            CHECK(overview.outbox.retrying == 1);
            CHECK(overview.outbox.dead == 1);
            CHECK(overview.outbox.oldest == start + 5s);
        });
    }

    TEST_CASE("without a gateway nothing is in flight") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            {
                Host host(*store);
                REQUIRE(host.next());
                store.reset();
            }
            const auto overview = view(place)->overview();
            CHECK_FALSE(overview.gateway_runs);
            CHECK(overview.inbox.in_flight == 0);
            CHECK(overview.inbox.pending == 1);
        });
    }

    TEST_CASE("an empty store has nothing to show") {
        on_each_database([](Place& place) {
            place.open();
            const auto overview = view(place)->overview();
            CHECK(overview.inbox.pending == 0);
            CHECK_FALSE(overview.inbox.oldest);
            CHECK_FALSE(overview.outbox.oldest);
            CHECK(view(place)->dead_letters(10).empty());
        });
    }

    TEST_CASE("dead letters are listed with all that is known of them, events first") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto start = place.clock.now();
            accept(*store, event("m1", "zhangsan", hr));
            set_first_event_aside(place);
            place.clock.advance(5s);
            auto parts = message("", "lisi", it);
            parts.parts = {"one", "two", "three"};
            const auto stored = enqueue(*store, parts).value();
            delivered(*store, stored[0].seq);
            failed(*store, stored[0].message, "81013: no such member");

            const auto letters = view(place)->dead_letters(10);
            REQUIRE(letters.size() == 2);
            CHECK(letters[0].id == "in-1");
            CHECK(letters[0].side == LetterSide::inbox);
            CHECK(letters[0].account == hr);
            CHECK(letters[0].chat == "ww1:zhangsan");
            CHECK(letters[0].attempts == 3);
            CHECK(letters[0].created_at == start);
            CHECK(letters[0].reason == "the agent began with it 3 times");
            CHECK(letters[0].contents == std::vector{event("m1").xml});
            CHECK(letters[1].id == "out-" + std::to_string(stored[0].message));
            CHECK(letters[1].side == LetterSide::outbox);
            CHECK(letters[1].account == it);
            CHECK(letters[1].chat == "ww1:lisi");
            CHECK(letters[1].created_at == start + 5s);
            CHECK(letters[1].reason == "81013: no such member");
            CHECK(letters[1].contents == std::vector<std::string>{"two", "three"});
            CHECK(view(place)->dead_letters(1).size() == 1);
            CHECK(view(place)->dead_letter(letters[1].id)->contents == letters[1].contents);
        });
    }

    TEST_CASE("a dead event that is retried is handed over by the gateway that runs") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            set_first_event_aside(place);
            Host host(*store);
            accept(*store, event("m2"));
            REQUIRE(host.next()->xml == event("m2").xml);
            const auto before = store->outbox().outside_changes();
            CHECK(view(place)->retry("in-1"));
            CHECK_FALSE(view(place)->retry("in-1"));
            CHECK(store->outbox().outside_changes() != before);
            store->inbox().reload();
            const auto handed = host.next();
            REQUIRE(handed);
            CHECK(handed->xml == event("m1").xml);
            CHECK(handed->attempt == 1);
        });
    }

    TEST_CASE("looking again does not hand over what the host has or has settled") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Host host(*store);
            for (int i = 0; i < 50; ++i) {
                accept(*store, event("m" + std::to_string(i), "user" + std::to_string(i)));
                const auto handed = host.next();
                REQUIRE(handed);
                if (i % 2 == 0) {
                    store->inbox().settle(handed->seq);
                }
                store->inbox().reload();
            }
            accept(*store, event("last", "somebody"));
            CHECK(host.next()->chat == "ww1:somebody");
            store->stop();
            CHECK(host.idle());
        });
    }

    TEST_CASE(
        "a dead message that is retried is pending again with as much time as it had, each time") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto parts = message("");
            parts.parts = {"one", "two"};
            parts.lifetime = 24h;
            const auto stored = enqueue(*store, parts).value();
            const auto id = "out-" + std::to_string(stored[0].message);
            for (int n = 0; n < 3; ++n) {
                failed(*store, stored[0].message, "deadline");
                place.clock.advance(48h);
                store.reset();  // what it knows of time is kept
                store = place.open();
                CHECK(view(place)->retry(id));
                CHECK_FALSE(view(place)->retry(id));
                const auto pending = store->outbox().pending();
                REQUIRE(pending.size() == 2);
                CHECK(pending[1].deadline == place.clock.steady_now() + 24h);
                const auto part = store->outbox().load(stored[1].seq).value();
                REQUIRE(part);
                CHECK(part->attempts == 0);
                CHECK(part->request == "two");
            }
        });
    }

    TEST_CASE("a final reply of which no request could be made is shown, and can only be dropped") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            Mailbox<boost::system::error_code> done;
            store->outbox().keep_lost(
                {.chat = "ww1:zhangsan", .text = "my answer", .reason = "no app", .settles = 1},
                [&](boost::system::error_code error) { done.put(error); });
            CHECK_FALSE(*done.take());
            int state = 0;
            place.raw()->session() << "select state from inbox where seq = 1", soci::into(state);
            CHECK(state == 1);
            const auto letters = view(place)->dead_letters(10);
            REQUIRE(letters.size() == 1);
            CHECK(letters[0].contents == std::vector<std::string>{"my answer"});
            CHECK(letters[0].reason == "no app");
            CHECK(letters[0].account.empty());
            CHECK_THROWS_WITH_AS(
                view(place)->retry("out-1"),
                "out-1 cannot be sent again, since no app could be found for it or "
                "it has no text: send it anew with `send`, or drop it",
                wecom::StoreOpenError);
            CHECK(view(place)->retry_all({}) == 0);
            CHECK(view(place)->drop("out-1"));
            CHECK(view(place)->dead_letters(10).empty());
        });
    }

    TEST_CASE("all dead letters that fit a code, a time and an account are retried in one go") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto set_aside = [&](const std::string& account, int code) {
                const auto stored = enqueue(*store, message("text", "zhangsan", account)).value();
                Mailbox<bool> done;
                store->outbox().record_failed(stored[0].message, code, "no",
                                              [&](boost::system::error_code) { done.put(true); });
                done.take();
            };
            accept(*store, event("m1"));
            set_first_event_aside(place);
            set_aside(hr, 60020);
            set_aside(it, 60020);
            set_aside(hr, 60111);
            place.clock.advance(1h);
            const auto later = place.clock.now();
            set_aside(hr, 60020);
            using Filter = wecom::LetterFilter;
            CHECK(view(place)->retry_all(Filter{.code = 40003, .since = {}, .account = {}}) == 0);
            CHECK(view(place)->retry_all(Filter{.code = 60020, .since = later, .account = hr}) ==
                  1);
            CHECK(view(place)->retry_all(Filter{.code = 60020, .since = {}, .account = it}) == 1);
            CHECK(view(place)->retry_all(Filter{.code = {}, .since = {}, .account = hr}) == 3);
            CHECK(view(place)->dead_letters(10).empty());
            CHECK(store->outbox().pending().size() == 4);
        });
    }

    TEST_CASE("to look at a state changes nothing in it") {
        SqlitePlace place;
        accept(*place.open(), event("m1"));
        const auto changes = [&] {
            std::int64_t version = 0;
            place.raw()->session() << "pragma data_version", soci::into(version);
            return version;
        };
        const auto before = changes();
        const auto size = std::filesystem::file_size(place.file());
        CHECK(view(place)->overview().inbox.pending == 1);
        CHECK(view(place)->dead_letters(10).empty());
        CHECK(changes() == before);
        CHECK(std::filesystem::file_size(place.file()) == size);
    }

    TEST_CASE("a state of an older version is left to the gateway to bring up to date") {
        on_each_database([](Place& place) {
            place.open();
            place.raw()->session() << "update meta set value = 1 where key = 'schema_version'";
            const auto noun =
                wecom::parse_location(place.connection(), place.data_directory()).noun();
            CHECK_THROWS_WITH_AS(
                view(place),
                ("the " + noun +
                 " is of an older version (schema 1, this program writes 2): restart the gateway "
                 "with this version, which brings it up to date")
                    .c_str(),
                wecom::StoreOpenError);
        });
    }

    TEST_CASE("a dropped letter is gone, and its callback is still a duplicate") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            set_first_event_aside(place);
            const auto stored = enqueue(*store, message("unwanted")).value();
            failed(*store, stored[0].message, "no");
            CHECK(view(place)->drop("in-1"));
            CHECK(view(place)->drop("out-" + std::to_string(stored[0].message)));
            CHECK_FALSE(view(place)->drop("in-1"));
            CHECK(view(place)->dead_letters(10).empty());
            CHECK(accept(*store, event("m1")).value() == wecom::Accepted::duplicate);
        });
    }

    TEST_CASE("what is no dead letter can't be shown, retried or dropped") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1"));
            enqueue(*store, message("hello"));
            for (const auto* id : {"in-1", "out-1", "in-99", "in-", "in-1x", "1", "", "up-1",
                                   "in-99999999999999999999"}) {
                CHECK_FALSE(view(place)->dead_letter(id));
                CHECK_FALSE(view(place)->retry(id));
                CHECK_FALSE(view(place)->drop(id));
            }
        });
    }

    TEST_CASE("where no gateway has run there is nothing to look at, and nothing is created") {
        TempDirectory directory;
        const auto file = (directory.path() / "wecom_callback.db").string();
        CHECK_THROWS_WITH_AS(
            OperatorView("", directory.path().string()),
            ("there is no state file " + file + ": no gateway has run with this configuration yet")
                .c_str(),
            wecom::StoreOpenError);
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

}  // namespace
}  // namespace hermes::test
