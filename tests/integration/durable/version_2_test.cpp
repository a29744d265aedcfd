// A state that version 2 of the schema has left: there the payloads were called by WeCom's formats,
// and parts had no preview.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <chrono>
#include <string>

#include "durable/facts/tokens.hpp"
#include "durable/operator/operator_view.hpp"
#include "integration/durable/old_tables.hpp"
#include "integration/durable/store_rig.hpp"

using namespace hermes;
using namespace hermes::test;
using namespace std::chrono_literals;

namespace {

const char* const version_2[] = {
    "create table meta(key text primary key, value bigint not null)",
    "create table inbox(seq {key}, state integer not null default 0,"
    " attempts integer not null default 0, begun_in bigint not null default 0,"
    " received_at_ms bigint not null, finished_at_ms bigint not null default 0,"
    " duplicate_key text not null unique, account text not null, chat text not null,"
    " reason text not null default '', xml text not null,"
    " received_run_ms bigint not null default 0, finished_run_ms bigint not null default 0,"
    " urgent integer not null default 0)",
    "create index inbox_pending on inbox(seq) where state = 0",
    "create table outbox(seq {key}, state integer not null default 0, message bigint not null,"
    " part integer not null, parts integer not null, attempts integer not null default 0,"
    " next_attempt_run_ms bigint not null default 0, deadline_run_ms bigint not null,"
    " created_at_ms bigint not null, finished_at_ms bigint not null default 0,"
    " account text not null, chat text not null, format text not null,"
    " msgid text not null default '', reason text not null default '', request text not null,"
    " finished_run_ms bigint not null default 0, lifetime_ms bigint not null default 0,"
    " code integer not null default 0, checked integer not null default 1,"
    " fingerprint bigint not null default 0, enqueue_id bigint not null default 0)",
    "create index outbox_pending on outbox(seq) where state = 0",
    "create index outbox_message on outbox(message) where message > 0",
    "create index outbox_lane on outbox(account, chat, seq)",
    "create unique index outbox_enqueued on outbox(enqueue_id, part) where enqueue_id <> 0",
    "create table routes(chat text primary key, account text not null, heard_at_ms bigint not "
    "null)",
    "create table tokens(app text primary key, access_token text not null,"
    " expires_at_ms bigint not null)",
    "insert into meta(key, value) values ('schema_version', 2), ('run', 4), ('outside_changes', 0),"
    " ('probe', 0), ('running_ms', 5000), ('gateway_wanted', 0)",
    "insert into inbox(state, received_at_ms, duplicate_key, account, chat, xml) values"
    " (0, 1000, 'k1', 'ww1:1000002', 'ww1:a', '<xml>1</xml>'), (1, 1000, 'k2', 'ww1:1000002', "
    "'ww1:a', '')",
    "insert into outbox(state, message, part, parts, deadline_run_ms, lifetime_ms, created_at_ms,"
    " account, chat, format, request, reason) values"
    " (0, 0, 1, 2, 90000, 85000, 1000, 'ww1:1000002', 'ww1:a', '', '{\"one\":1}', ''),"
    " (0, 1, 2, 2, 90000, 85000, 1000, 'ww1:1000002', 'ww1:a', '', '{\"two\":2}', ''),"
    " (2, 0, 1, 1, 90000, 85000, 1000, 'ww1:1000002', 'ww1:b', '', 'first line' || chr10 || "
    "'second',"
    " 'refused')",
    "insert into tokens values ('ww1:1:abc', 'token', 9000000000000)",
};

}  // namespace

TEST_SUITE("state/version 2") {
    TEST_CASE("every event that waits is handed over, and a known one is known still") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_2);
            const auto store = place.open();
            Host host(*store);
            CHECK(host.next()->payload == "<xml>1</xml>");
            auto again = event("x");
            again.duplicate_key = "k2";
            CHECK(accept(*store, again).value() == durable::Accepted::duplicate);
        });
    }

    TEST_CASE("every reply that waits is sent as it was made, for the time that it has left") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_2);
            const auto store = place.open();
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 2);
            CHECK(pending[1].message == 1);
            CHECK(pending[0].deadline == place.clock.steady_now() + 85s);
            CHECK(store->outbox().load(1).value()->payload == "{\"one\":1}");
            CHECK(store->outbox().load(2).value()->payload == "{\"two\":2}");
        });
    }

    TEST_CASE("a dead letter without a preview shows the first line of what it says") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_2);
            place.open();
            durable::OperatorView view(place.connection(), place.data_directory());
            const auto letters = view.dead_letters(10);
            REQUIRE(letters.size() == 1);
            CHECK(letters[0].preview == "first line…");
            CHECK(letters[0].content == "first line\nsecond");
        });
    }

    TEST_CASE("an access token is kept") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_2);
            const auto store = place.open();
            CHECK(store->tokens().load("ww1:1:abc").value()->access_token.expose_secret() ==
                  "token");
        });
    }
}
