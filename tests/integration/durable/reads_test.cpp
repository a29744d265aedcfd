// Reads beside everything else, and where their answers go.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <thread>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

int count_events(durable::Database& database) {
    int events = 0;
    database.session() << "select count(*) from inbox", soci::into(events);
    return events;
}

// Counts the events, or tells the error.
void ask(durable::Store& store, Mailbox<base::Result<int>>& answers) {
    store.read(count_events, [&answers](base::Result<int> events) { answers.put(events); });
}

TEST_SUITE("state/reads") {
    TEST_CASE("what was read comes as tasks of the loop, in order") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<std::pair<int, bool>> answers;
            for (int i = 0; i < 10; ++i) {
                accept(*store, event(std::to_string(i)));
                store->read(count_events, [&](base::Result<int> events) {
                    answers.put({events.value(), place.loop().is_this_thread()});
                });
            }
            for (int i = 0; i < 10; ++i) {
                const auto answer = answers.take();
                REQUIRE(answer);
                CHECK(answer->first >= i + 1);
                CHECK(answer->second);
            }
        });
    }

    TEST_CASE("reading is not the loop's work") {
        SqlitePlace place;
        auto store = place.open();
        Mailbox<std::thread::id> threads;
        store->read([](durable::Database&) { return std::this_thread::get_id(); },
                    [&](base::Result<std::thread::id> thread) {
                        threads.put(thread.value());
                        threads.put(std::this_thread::get_id());
                    });
        const auto reading = threads.take();
        CHECK(reading != threads.take());
        CHECK(reading != std::this_thread::get_id());
    }

    TEST_CASE("what can't be read is an error, and no empty value") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<base::Result<int>> answers;
            store->read(
                [](durable::Database& database) {
                    database.session() << "select nothing from nowhere";
                    return 1;
                },
                [&](base::Result<int> answer) { answers.put(answer); });
            CHECK(answers.take()->has_error());
        });
    }

    TEST_CASE("after stop a read is told so, and before it each one is answered") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<base::Result<int>> answers;
            for (int i = 0; i < 10; ++i) {
                ask(*store, answers);
            }
            store->stop();
            for (int i = 0; i < 10; ++i) {
                REQUIRE(answers.take());
            }
            ask(*store, answers);
            CHECK(answers.take()->error() == durable::StateError::stopped);
        });
    }

    TEST_CASE("no answer comes when the store is no more") {
        SqlitePlace place;
        for (int round = 0; round < 20; ++round) {
            auto store = place.open();
            auto answers = std::make_unique<Mailbox<base::Result<int>>>();
            for (int i = 0; i < round; ++i) {
                ask(*store, *answers);
            }
            store.reset();
            CHECK(answers->size() == static_cast<std::size_t>(round));
            answers.reset();  // an answer that came now would find nothing
        }
    }
}

}  // namespace
}  // namespace hermes::test
