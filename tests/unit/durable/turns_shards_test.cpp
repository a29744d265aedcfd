// The hand-over where several gateways share a database.
#include <doctest/doctest.h>

#include <algorithm>

#include "durable/database/announcements.hpp"
#include "unit/durable/turns_rig.hpp"

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;

const Shards shard_a = Shards::one(shard_of(hr, "a"));
const Shards shard_b = Shards::one(shard_of(hr, "b"));

TEST_SUITE("state/turns/shards") {
    TEST_CASE("only events of its own shards are handed over") {
        Played played({}, shard_a);
        played.rows = {{1, {.chat = "a"}}, {2, {.chat = "b"}}};
        played.start();
        CHECK(played.handed == Seqs{1});
        CHECK(played.commit(3, {.chat = "b"}).empty());
        CHECK(played.commit(4, {.chat = "a"}) == Seqs{4});
    }

    TEST_CASE("a shard that is taken brings what waits in it") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a"}}, {2, {.chat = "b"}}};
        played.start();
        CHECK(played.handed.empty());
        played.turns.take(shard_b);
        CHECK(played.run() == Seqs{2});
        played.turns.take(shard_a);
        CHECK(played.run() == Seqs{1});
    }

    TEST_CASE("a shard that is left takes along what waits and what is in flight") {
        Played played({.lanes = {16, 1, 4}});
        played.start();
        played.turns.take(Shards::all());
        played.run();
        CHECK(played.commit(1, {.chat = "a"}) == Seqs{1});
        CHECK(played.commit(2, {.chat = "a"}).empty());
        CHECK(played.commit(3, {.chat = "a", .urgent = true}) == Seqs{3});
        CHECK(played.commit(4, {.chat = "b"}) == Seqs{4});
        CHECK(played.turns.busy().empty());  // what merely waits at the host keeps no shard
        auto left = played.turns.leave(shard_a);
        std::sort(left.begin(), left.end());
        CHECK(left == Seqs{1, 3});  // in flight; nobody has 2
        CHECK(played.begin(1) == Charge::none);
        CHECK(played.begin(4) == Charge::being_written);
        CHECK(played.turns.busy() == shard_b);
        CHECK(played.settle(1).empty());
    }

    TEST_CASE("what was to be handed over of a shard that is left is not") {
        Played played;
        played.start();
        played.turns.take(Shards::all());
        played.run();
        NewEvent event;
        event.account = hr;
        event.chat = "a";
        played.rows[1] = {.chat = "a"};
        played.turns.committed(1, std::move(event));
        played.turns.leave(shard_a);
        CHECK(played.run().empty());
    }

    TEST_CASE("what another gateway has stored is looked at, once and in its order") {
        Played played;
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.rows = {{5, {.chat = "a"}}, {6, {.chat = "a"}}, {7, {.chat = "b"}}};
        played.turns.look_at({6, 5, 7, 8});
        CHECK(played.run() == Seqs{5, 6, 7});
        played.turns.look_at({5});
        CHECK(played.run().empty());
    }

    TEST_CASE("what another has stored goes as it is read with others, if its lane is free") {
        Played played({.lanes = {.in_flight = 8, .in_flight_lane = 1, .urgent = 8}});
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.reads.clear();
        played.rows = {{5, {.chat = "a", .attempts = 1}}, {6, {.chat = "a"}}, {7, {.chat = "b"}}};
        played.turns.look_at({5, 6, 7});
        CHECK(played.run() == Seqs{5, 7});
        CHECK(played.reads == "s");
        CHECK(played.events[0].attempt == 2);
        CHECK(played.events[1].payload == "told");
        CHECK(played.settle(5) == Seqs{6});
        CHECK(played.reads == "se");
        CHECK(played.events.back().payload == "read");
    }

    TEST_CASE("what another has stored is read a page at a time") {
        Played played({.page_rows = 2});
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.reads.clear();
        played.rows = {{5, {.chat = "a"}}, {6, {.chat = "b"}}, {7, {.chat = "a"}}};
        played.turns.look_at({5, 6, 7});
        CHECK(played.run() == Seqs{5, 6, 7});
        CHECK(played.reads == "ss");
    }

    TEST_CASE(
        "an own event that is committed behind a younger one of another gateway is not lost") {
        Played played;
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.rows[9] = {.chat = "b"};
        played.turns.look_at({9});
        CHECK(played.run() == Seqs{9});
        CHECK(played.commit(8, {.chat = "a"}) == Seqs{8});
    }

    TEST_CASE("what another has stored before comes before what is committed here") {
        Played played;
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.rows[1] = {.chat = "a"};
        played.turns.look_at({1});  // heard with the commit of 2
        CHECK(played.commit(2, {.chat = "a"}) == Seqs{1, 2});
        CHECK(played.commit(3, {.chat = "a"}) == Seqs{3});
        CHECK(played.events.back().payload == "new");
    }

    TEST_CASE("what was being looked at when a shard came is handed over all the same") {
        Played played({}, Shards());
        played.start();
        played.turns.take(shard_b);
        played.run();
        played.rows = {{1, {.chat = "a"}}, {2, {.chat = "a"}}, {3, {.chat = "b"}}};
        played.turns.look_at({3});
        CHECK(std::holds_alternative<ReadStored>(played.turns.next(played.now)));
        played.turns.take(shard_a);
        played.turns.stored_read({{.seq = 3, .account = hr, .chat = "b", .payload = {}}});
        CHECK(played.run() == Seqs{3, 1, 2});
    }

    TEST_CASE("what is told of a shard that has just come does not overtake what waits in it") {
        Played played({}, Shards());
        played.start();
        played.turns.take(shard_b);
        played.run();
        played.rows = {{1, {.chat = "a"}}, {2, {.chat = "a"}}, {3, {.chat = "b"}}};
        played.turns.take(shard_a);
        played.turns.look_at({2, 3});
        CHECK(played.run() == Seqs{1, 3, 2});
    }

    TEST_CASE("an own event that a page lacks, since it came meanwhile, is not lost") {
        Played played({}, Shards());
        played.start();
        played.turns.take(Shards::all());
        played.turns.next(played.now);  // the last attempts
        played.turns.last_attempts_read({});
        CHECK(std::holds_alternative<ReadPage>(played.turns.next(played.now)));
        played.commit(4, {.chat = "a"});
        played.rows[5] = {.chat = "b"};
        played.turns.page_read({{5, hr, "b", 0, false}});
        CHECK(played.run() == Seqs{5, 4});
    }

    TEST_CASE("what another has stored is found although it could not be read at once") {
        Played played;
        played.start();
        played.turns.take(Shards::all());
        played.run();
        played.rows[3] = {.chat = "a"};
        played.failing = "stored";
        played.turns.look_at({3});
        CHECK(played.run().empty());
        played.failing.reset();
        CHECK(played.after(std::chrono::seconds{1}) == Seqs{3});
    }

    TEST_CASE(
        "what may not be begun at the moment is handed over again after the next beat, in order") {
        Played played({.lanes = {16, 1, 4}}, Shards());
        played.start();
        played.turns.take(Shards::all());
        played.run();
        CHECK(played.commit(1, {.chat = "a"}) == Seqs{1});
        CHECK(played.commit(2, {.chat = "a"}).empty());
        CHECK(played.commit(3, {.chat = "b"}) == Seqs{3});
        played.writes = false;
        played.begin(1);
        played.turns.charged(1, Charge::none);
        CHECK(played.turns.refused(1) == Seqs{1});
        CHECK(played.commit(4, {.chat = "a"}).empty());
        played.turns.hold_back({});
        CHECK(played.run() == Seqs{1});
        CHECK(played.settle(1) == Seqs{2});
    }

    TEST_CASE("what has one attempt left is not begun where the gateway is drained") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}}, {2, {.chat = "b", .attempts = 2}}};
        played.start();
        played.turns.take(shard_a | shard_b);
        CHECK(played.run() == Seqs{1});
        played.begin(1);
        played.turns.hold_back(Shards::all());
        CHECK(played.settle(1).empty());
        played.turns.hold_back({});
        CHECK(played.run() == Seqs{2});
    }

    TEST_CASE("one that has killed gateways twice is alone also where its shard is taken later") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}}, {2, {.chat = "a"}}};
        played.start();
        played.turns.take(shard_a);
        CHECK(played.run() == Seqs{1});
        CHECK(played.settle(1) == Seqs{2});
    }

    TEST_CASE("one that is alone in a shard that was taken over does not keep the others waiting") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}}, {2, {.chat = "a"}}};
        played.start();
        played.turns.take(shard_b);
        played.run();
        played.turns.take(shard_a);
        CHECK(played.run() == Seqs{1});
        CHECK(played.commit(3, {.chat = "b"}) == Seqs{3});
        CHECK(played.commit(4, {.chat = "a"}).empty());
        CHECK(played.settle(1) == Seqs{2, 4});
    }

    TEST_CASE("one that waits to be alone is not forgotten when another shard comes") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}},
                       {2, {.chat = "a", .attempts = 2}},
                       {3, {.chat = "b", .attempts = 2}}};
        played.start();
        played.turns.take(shard_a);
        CHECK(played.run() == Seqs{1});
        played.turns.take(shard_b);
        CHECK(played.run().empty());
        CHECK(played.settle(1) == Seqs{2});
        CHECK(played.settle(2) == Seqs{3});
    }

    TEST_CASE("one that is read to be alone is so although another shard comes meanwhile") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}}, {2, {.chat = "a"}}};
        played.start();
        played.turns.take(shard_a);
        played.turns.next(played.now);
        played.turns.last_attempts_read({1});
        CHECK(std::holds_alternative<ReadEvent>(played.turns.next(played.now)));
        played.turns.take(shard_b);
        StoredEvent alone{.seq = 1, .account = hr, .chat = "a", .payload = {}};
        alone.attempt = 3;
        played.turns.event_read(alone, played.now);
        CHECK(played.run() == Seqs{1});
        CHECK(played.settle(1) == Seqs{2});
    }

    TEST_CASE("of shards that are held back nothing new is handed over, until they are not") {
        Played played({.lanes = {.in_flight = 8, .in_flight_lane = 2, .urgent = 8}}, Shards());
        played.start();
        played.turns.take(shard_a | shard_b);
        played.run();
        played.rows = {
            {1, {.chat = "a"}}, {2, {.chat = "a"}}, {3, {.chat = "a"}}, {4, {.chat = "b"}}};
        played.turns.look_at({1, 2, 3, 4});
        CHECK(played.run() == Seqs{1, 2, 4});
        CHECK(played.begin(1) == Charge::being_written);
        CHECK(played.turns.hold_back(shard_a) == Seqs{2});
        CHECK(played.turns.hold_back(shard_a).empty());
        CHECK(played.begin(2) == Charge::none);
        CHECK(played.turns.busy() == shard_a);
        CHECK(played.commit(5, {.chat = "a"}).empty());
        CHECK(played.commit(6, {.chat = "b"}) == Seqs{6});
        CHECK(played.settle(1).empty());
        CHECK(played.turns.busy().empty());
        played.turns.hold_back({});
        CHECK(played.run() == Seqs{2, 3});
    }

    TEST_CASE("what the agent works on is not begun again when its shard is held back no more") {
        for (const bool has_files : {false, true}) {
            CAPTURE(has_files);
            Played played({}, Shards());
            played.start();
            played.rows[1] = {.attempts = 1, .has_files = has_files};
            played.turns.take(shard_a);
            CHECK(played.run() == (has_files ? Seqs{} : Seqs{1}));
            if (has_files) {
                CHECK(played.ready(1) == Seqs{1});
            }
            CHECK(played.begin(1) == Charge::being_written);
            played.turns.hold_back(shard_a);
            played.run();
            played.turns.hold_back({});
            CHECK(played.run().empty());
            CHECK(played.after(10s).empty());
            CHECK(played.charges == std::vector<std::pair<std::int64_t, int>>{{1, 2}});
            CHECK(played.settle(1).empty());
            CHECK(played.commit(2) == Seqs{2});
        }
    }

    TEST_CASE("a look at last attempts that another shard's coming has overtaken is repeated") {
        Played played({}, Shards());
        played.rows = {{1, {.chat = "a", .attempts = 2}}, {2, {.chat = "b", .attempts = 2}}};
        played.start();
        played.turns.take(shard_a);
        CHECK(std::holds_alternative<ReadLastAttempts>(played.turns.next(played.now)));
        played.turns.take(shard_b);
        played.turns.last_attempts_read({1});
        CHECK(played.run() == Seqs{1});
        CHECK(played.settle(1) == Seqs{2});
    }
}

TEST_SUITE("state/announcements") {
    TEST_CASE("words say what was stored, and others are passed over") {
        const auto words = event_word(17, 3) + ' ' + message_word(4, 63) +
                           " x9@1 e m5x@2 e7@64 e7@-1 e8@ @3 e@3 " + event_word(18, 4);
        const auto stored = read_words(words, Shards::all());
        CHECK(stored.events == Seqs{17, 18});
        CHECK(stored.messages == Seqs{4});
        CHECK_FALSE(stored.is_anything);
        CHECK(read_words(words, Shards::one(4)).events == Seqs{18});
        CHECK(read_words("", Shards::all()).empty());
        CHECK(read_words(std::string(anything_word), {}).is_anything);
    }
}

}  // namespace
}  // namespace hermes::durable
