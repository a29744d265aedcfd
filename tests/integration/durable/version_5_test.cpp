// A state that version 5 of the schema has left: there an attempt was counted, and not when it was.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <string>

#include "durable/operator/upkeep.hpp"
#include "integration/durable/old_tables.hpp"
#include "integration/durable/store_rig.hpp"

using namespace hermes;
using namespace hermes::test;

namespace {

const char* const version_5[] = {
    "create table meta(key text primary key, value bigint not null)",
    "create table inbox(seq {key}, state integer not null default 0,"
    " attempts integer not null default 0, begun_in bigint not null default 0,"
    " received_at_ms bigint not null, finished_at_ms bigint not null default 0,"
    " duplicate_key text not null unique, account text not null, chat text not null,"
    " reason text not null default '', payload text not null,"
    " received_run_ms bigint not null default 0, finished_run_ms bigint not null default 0,"
    " urgent integer not null default 0, has_files integer not null default 0,"
    " shard integer not null default 0)",
    "create index inbox_pending on inbox(seq) where state = 0",
    "create index inbox_files on inbox(seq) where has_files = 1",
    "create table outbox(seq {key}, state integer not null default 0, message bigint not null,"
    " part integer not null, parts integer not null, attempts integer not null default 0,"
    " next_attempt_run_ms bigint not null default 0, deadline_run_ms bigint not null,"
    " created_at_ms bigint not null, finished_at_ms bigint not null default 0,"
    " account text not null, chat text not null, format text not null,"
    " msgid text not null default '', reason text not null default '', payload text not null,"
    " finished_run_ms bigint not null default 0, lifetime_ms bigint not null default 0,"
    " code integer not null default 0, checked integer not null default 1,"
    " fingerprint bigint not null default 0, enqueue_id bigint not null default 0,"
    " preview text not null default '', notice integer not null default 0,"
    " answers bigint not null default 0, file bigint not null default 0,"
    " shard integer not null default 0)",
    "create index outbox_pending on outbox(seq) where state = 0",
    "create index outbox_message on outbox(message) where message > 0",
    "create index outbox_lane on outbox(account, chat, seq)",
    "create unique index outbox_enqueued on outbox(enqueue_id, part) where enqueue_id <> 0",
    "create index outbox_file on outbox(file) where file <> 0",
    "create table routes(chat text primary key, account text not null, heard_at_ms bigint not "
    "null)",
    "create table tokens(account text primary key, access_token text not null,"
    " expires_at_ms bigint not null)",
    "create table facts(kind text not null, account text not null, key text not null,"
    " value text not null, expires_at_ms bigint not null, primary key(kind, account, key))",
    "create index facts_expiry on facts(expires_at_ms)",
    "create table files(id bigint primary key, name text not null default '',"
    " bytes bigint not null default 0, digest text not null default '',"
    " written_run_ms bigint not null, doomed integer not null default 0)",
    "create table file_chunks(file bigint not null, number integer not null,"
    " content {bytes} not null, primary key(file, number))",
    "create table gateways(run bigint primary key, identity text not null, name text not null,"
    " pid integer not null, session_at_ms bigint not null, started_at_ms bigint not null,"
    " beat_at_ms bigint not null, drained integer not null default 0)",
    "create table shards(shard integer primary key, run bigint not null default 0)",
    "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < 63)"
    " insert into shards(shard) select n from numbers",
    "insert into meta(key, value) values ('schema_version', 5), ('run', 4), ('outside_changes', 0),"
    " ('probe', 0), ('running_ms', 5000), ('gateway_wanted', 0)",
    "insert into inbox(state, attempts, begun_in, received_at_ms, duplicate_key, account, chat,"
    " payload) values (0, 1, 4, 1000, 'k1', 'ww1:1000002', 'ww1:a', 'waits'),"
    " (1, 2, 4, 1000, 'k2', 'ww1:1000002', 'ww1:b', '')",
    "insert into outbox(state, message, part, parts, attempts, deadline_run_ms, lifetime_ms,"
    " created_at_ms, account, chat, format, payload, reason, answers) values"
    " (0, 0, 1, 1, 3, 90000, 85000, 1000, 'ww1:1000002', 'ww1:b', '', 'reply', 'busy', 2)",
};

}  // namespace

TEST_SUITE("state/version 5") {
    TEST_CASE("what waits goes on with the attempts that it has had") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_5);
            const auto store = place.open();
            Host host(*store);
            const auto waits = host.next();
            REQUIRE(waits);
            CHECK(waits->payload == "waits");
            CHECK(waits->attempt == 2);
            const auto pending = store->outbox().pending().value();
            REQUIRE(pending.size() == 1);
            CHECK(store->outbox().load(pending[0].seq).value()->attempts == 3);
        });
    }

    TEST_CASE("a story tells how many attempts there were, and of the new ones also when") {
        on_each_database([](Place& place) {
            make_old_tables(place, version_5);
            const auto store = place.open();
            delivered(*store, 1);
            const auto stories =
                durable::Upkeep(place.connection(), place.data_directory(),
                                durable::default_platform)
                    .stories({.id = "2"}, [](const std::string& account) { return account; });
            REQUIRE(stories.size() == 1);
            const auto& moments = stories[0].moments;
            REQUIRE(moments.size() == 5);
            CHECK(moments[1].sentence == "2 attempts of the agent");
            CHECK_FALSE(moments[1].at);
            CHECK(moments[3].sentence == "attempt 4 to send the answer: taken after 0.14 s");
            CHECK(moments[4].sentence ==
                  "the answer was taken by the platform, after 3 failed attempts, its message id "
                  "is msgid-1");
        });
    }
}
