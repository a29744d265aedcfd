// Every message is stored once and told once, however alike they are and whatever its commit does.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>
#include <map>
#include <set>

#include "integration/durable/missing_standby.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

using Told = std::pair<int, std::vector<std::int64_t>>;

class Enqueues {
public:
    explicit Enqueues(durable::Store& store) : store_(store) {}

    void add(durable::NewMessage message) {
        store_.outbox().enqueue(std::move(message), [this, n = count_++](const auto& outcome) {
            std::vector<std::int64_t> seqs;
            if (outcome.has_value()) {
                for (const auto& part : *outcome) {
                    seqs.push_back(part.seq);
                }
            }
            told.put({n, seqs});
        });
    }

    // Each was told once, of rows that are nobody else's and hold its own parts.
    void check_all(const Place& place, std::size_t parts_each) {
        std::set<int> who;
        std::set<std::int64_t> rows;
        for (int i = 0; i < count_; ++i) {
            const auto one = told.take();
            REQUIRE(one);
            CHECK(who.insert(one->first).second);
            CHECK(one->second.size() == parts_each);
            rows.insert(one->second.begin(), one->second.end());
        }
        CHECK(rows.size() == static_cast<std::size_t>(count_) * parts_each);
        flush(store_);
        CHECK(told.size() == 0);
        CHECK(count(place, "outbox") == static_cast<int>(rows.size()));
        CHECK(store_.outbox().pending().value().size() == rows.size());
    }

    Mailbox<Told> told;

private:
    durable::Store& store_;
    int count_ = 0;
};

// What a store tells of its health.
struct Unwell {
    Mailbox<durable::StoreHealth> healths;

    std::unique_ptr<durable::Store> open(const Place& place) {
        auto options = place.options();
        options.on_health = [this](const durable::StoreHealth& health) { healths.put(health); };
        return std::make_unique<durable::Store>(options, place.loop());
    }
};

void on_a_disk_that_is_full_meanwhile(const std::function<void(Enqueues&)>& add,
                                      std::size_t parts_each) {
    const auto disk = SmallDisk::mount(16);
    if (!disk) {
        return;
    }
    const DiskPlace place(*disk);
    Unwell unwell;
    const auto store = unwell.open(place);
    Enqueues enqueues(*store);
    disk->fill();
    add(enqueues);
    CHECK_FALSE(unwell.healths.take()->available);
    CHECK(enqueues.told.size() == 0);
    disk->make_room();
    enqueues.check_all(place, parts_each);
}

// Commits fail as long as the table `broken` has a row.
void on_commits_that_fail_meanwhile(const std::function<void(Enqueues&)>& add,
                                    std::size_t parts_each) {
    const PostgresPlace place;
    Unwell unwell;
    const auto store = unwell.open(place);
    const auto other = place.raw();
    other->session() << "create table broken(n integer)";
    other->session() << "insert into broken values (1)";
    other->session() << "create function break_it() returns trigger language plpgsql as 'begin if"
                        " exists (select 1 from broken) then raise exception ''as the test"
                        " wants''; end if; return null; end'";
    other->session() << "create constraint trigger breaks after insert on outbox deferrable"
                        " initially deferred for each row execute function break_it()";
    Enqueues enqueues(*store);
    add(enqueues);
    CHECK_FALSE(unwell.healths.take()->available);
    CHECK(enqueues.told.size() == 0);
    other->session() << "delete from broken";
    enqueues.check_all(place, parts_each);
}

void on_either(const std::function<void(Enqueues&)>& add, std::size_t parts_each) {
    on_a_disk_that_is_full_meanwhile(add, parts_each);
    on_commits_that_fail_meanwhile(add, parts_each);
}

TEST_SUITE("state/enqueue") {
    TEST_CASE("equal messages of one millisecond whose commit fails are all there") {
        on_either(
            [](Enqueues& enqueues) {
                for (int n = 0; n < 25; ++n) {
                    enqueues.add(message(std::string(20'000, 'y')));
                }
            },
            1);
    }

    TEST_CASE("long messages that share their first part are all there too") {
        on_either(
            [](Enqueues& enqueues) {
                for (int n = 0; n < 5; ++n) {
                    enqueues.add(in_parts(
                        {std::string(20'000, 'y'), std::to_string(n) + std::string(20'000, 'z')}));
                }
            },
            2);
    }

    TEST_CASE("the parts of a message are told in their order after a failed commit too") {
        const auto disk = SmallDisk::mount(16);
        if (!disk) {
            return;
        }
        const DiskPlace place(*disk);
        Unwell unwell;
        const auto store = unwell.open(place);
        Enqueues enqueues(*store);
        disk->fill();
        enqueues.add(in_parts({std::string(50'000, 'a'), std::string(50'000, 'b')}));
        CHECK_FALSE(unwell.healths.take()->available);
        disk->make_room();
        const auto told = enqueues.told.take();
        REQUIRE(told);
        REQUIRE(told->second.size() == 2);
        CHECK(store->outbox().load(told->second[0]).value()->payload.front() == 'a');
        CHECK(store->outbox().load(told->second[1]).value()->payload.front() == 'b');
    }

    TEST_CASE("a commit whose outcome is not learned stores nothing twice") {
        const PostgresPlace place;
        auto store = place.open();
        Host host(*store);
        accept(*store, event("m1"));
        const auto begun = host.begin_next();
        Enqueues enqueues(*store);
        Mailbox<boost::system::error_code> lost_told;
        {
            MissingStandby standby;
            auto reply = in_parts({"one", "two"});
            reply.settles = begun.seq;
            enqueues.add(reply);
            REQUIRE(standby.wait_for_commits(1));
            enqueues.add(in_parts({"one", "two"}));  // in the next batch, and equal
            store->outbox().keep_lost(
                {"ww1:a", "text", "no app", 99},
                [&](boost::system::error_code error) { lost_told.put(error); });
            standby.end_their_sessions();
            REQUIRE(standby.wait_for_commits(1));
            standby.end_their_sessions();
            REQUIRE(standby.wait_for_commits(1));
        }
        CHECK_FALSE(lost_told.take().value());
        CHECK(count(place, "outbox", "state = 2") == 1);
        place.session() << "delete from outbox where state = 2";
        enqueues.check_all(place, 2);
        CHECK(event_row(place, begun.seq).state == 1);
    }

    TEST_CASE("nor does it charge an attempt twice or accept an event twice") {
        const PostgresPlace place;
        auto store = place.open();
        Host host(*store);
        accept(*store, event("m1"));
        const auto handed = host.next();
        REQUIRE(handed);
        std::future<bool> begun;
        {
            MissingStandby standby;
            begun =
                std::async(std::launch::async, [&] { return store->inbox().begin(handed->seq); });
            for (int i = 0; i < 2; ++i) {
                REQUIRE(standby.wait_for_commits(1));
                standby.end_their_sessions();
            }
        }
        CHECK(begun.get());
        CHECK(event_row(place, handed->seq).attempts == 1);
        while (!store->health().available) {
            flush(*store);
        }
        std::future<base::Result<durable::Accepted>> accepted;
        {
            MissingStandby standby;
            accepted = std::async(std::launch::async, [&] { return accept(*store, event("m2")); });
            do {  // it may be a beat of the gateway that hangs first
                REQUIRE(standby.wait_for_commits(1));
                standby.end_their_sessions();
            } while (accepted.wait_for(100ms) != std::future_status::ready);
        }
        CHECK(accepted.get().has_error());  // WeCom repeats it
        while (accept(*store, event("m2")).has_error()) {
        }
        CHECK(accept(*store, event("m2")).value() == durable::Accepted::duplicate);
        CHECK(host.next()->payload == event("m2").payload);  // and it was not lost
        store->stop();
        CHECK(host.idle());
    }
}

}  // namespace
}  // namespace hermes::test
