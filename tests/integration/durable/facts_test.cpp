// What is remembered for a while, by all who use the database.
#include "durable/facts/facts.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

const durable::FactKey picture{"media", hr, "sha256:1"};

// What is remembered; "nothing", or "an error".
std::string remembered(durable::Store& store, const durable::FactKey& fact) {
    Mailbox<base::Result<std::optional<std::string>>> answers;
    store.facts().load(fact, [&](auto answer) { answers.put(std::move(answer)); });
    const auto answer = answers.take();
    if (!answer || answer->has_error()) {
        return "an error";
    }
    return answer->value().value_or("nothing");
}

base::Result<bool> claim(durable::Store& store, const durable::FactKey& fact,
                         base::WallTime expires_at) {
    Mailbox<base::Result<bool>> answers;
    store.facts().save_if_absent(fact, "here", expires_at,
                                 [&](auto answer) { answers.put(answer); });
    return answers.take().value();
}

// What is there after `next` has taken the place of `seen`, if that was there.
std::string changed(durable::Store& store, const durable::FactKey& fact,
                    std::optional<std::string> seen, std::string next, base::WallTime expires_at) {
    Mailbox<base::Result<std::optional<std::string>>> answers;
    store.facts().change(
        fact,
        [&](const durable::Facts::Known& known) {
            return known.value == seen ? std::optional(next) : std::nullopt;
        },
        expires_at, [&](auto answer) { answers.put(std::move(answer)); });
    const auto answer = answers.take();
    return answer && *answer ? answer->value().value_or("nothing") : "an error";
}

TEST_SUITE("state/facts") {
    TEST_CASE("what was saved is there, also after a restart, and for its key alone") {
        on_each_database([](Place& place) {
            auto store = place.open();
            CHECK(remembered(*store, picture) == "nothing");
            store->facts().save(picture, "media-1", place.clock.now() + 1h);
            flush(*store);
            CHECK(remembered(*store, picture) == "media-1");
            store.reset();
            store = place.open();
            CHECK(remembered(*store, picture) == "media-1");
            CHECK(remembered(*store, {"greeted", hr, picture.key}) == "nothing");
            CHECK(remembered(*store, {picture.kind, it, picture.key}) == "nothing");
            CHECK(remembered(*store, {picture.kind, hr, "sha256:2"}) == "nothing");
        });
    }

    TEST_CASE("the last to be saved counts, with its time") {
        on_each_database([](Place& place) {
            auto store = place.open();
            store->facts().save(picture, "media-1", place.clock.now() + 1h);
            store->facts().save(picture, "media-2", place.clock.now() + 2h);
            flush(*store);
            place.clock.advance(1h);
            CHECK(remembered(*store, picture) == "media-2");
        });
    }

    TEST_CASE("who wants to know is told on the loop once it is durable") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<bool> done;
            store->facts().save(picture, "media-1", place.clock.now() + 1h,
                                [&](boost::system::error_code error) {
                                    CHECK_FALSE(error);
                                    done.put(place.loop().is_this_thread());
                                });
            CHECK(done.take() == true);
            CHECK(count(place, "facts") == 1);
        });
    }

    TEST_CASE("what has expired is as good as nothing") {
        on_each_database([](Place& place) {
            auto store = place.open();
            store->facts().save(picture, "media-1", place.clock.now() + 1h);
            flush(*store);
            place.clock.advance(1h - 1ms);
            CHECK(remembered(*store, picture) == "media-1");
            place.clock.advance(1ms);
            CHECK(remembered(*store, picture) == "nothing");
        });
    }

    TEST_CASE("a message that nobody gets twice is stored together with the fact, or not at all") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const durable::FactKey greeted{"greeted", hr, "zhangsan"};
            const auto greet = [&](durable::Store& by) {
                auto greeting = message("welcome");
                greeting.once = {greeted, place.clock.now() + 1h};
                return enqueue(by, std::move(greeting));
            };
            CHECK(greet(*store)->size() == 1);
            CHECK(remembered(*store, greeted).empty());
            CHECK(greet(*store)->empty());
            auto visitor = place.open(durable::GatewayKind::visitor);
            CHECK(greet(*visitor)->empty());
            CHECK(count(place, "outbox") == 1);
            place.clock.advance(1h);
            CHECK(greet(*visitor)->size() == 1);
            CHECK(count(place, "outbox") == 2);

            place.clock.advance(1h);
            place.session() << "alter table outbox rename to gone";
            CHECK(greet(*store).has_error());
            CHECK(remembered(*store, greeted) == "nothing");
        });
    }

    TEST_CASE(
        "what is there is looked at and changed at once, and all are told what is there now") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto visitor = place.open(durable::GatewayKind::visitor);
            const auto until = place.clock.now() + 1h;
            CHECK(changed(*store, picture, "media-1", "media-2", until) == "nothing");
            CHECK(changed(*store, picture, std::nullopt, "media-1", until) == "media-1");
            CHECK(changed(*visitor, picture, std::nullopt, "media-2", until) == "media-1");
            CHECK(changed(*visitor, picture, "media-1", "media-3", until + 1h) == "media-3");
            CHECK(remembered(*store, picture) == "media-3");
            place.clock.advance(2h);
            CHECK(changed(*store, picture, std::nullopt, "media-4", until + 3h) == "media-4");
        });
    }

    TEST_CASE("who changes a fact is told the newest event of the inbox") {
        on_each_database([](Place& place) {
            auto store = place.open();
            Mailbox<std::int64_t> newest;
            const auto look = [&] {
                store->facts().change(
                    picture,
                    [&](const durable::Facts::Known& known) -> std::optional<std::string> {
                        newest.put(known.newest_event);
                        return std::nullopt;
                    },
                    place.clock.now() + 1h, [](const auto&) {});
                return newest.take();
            };
            CHECK(look() == 0);
            REQUIRE(accept(*store, event("1")).has_value());
            CHECK(look() == 1);
        });
    }

    TEST_CASE("of all who claim a thing one gets it, until it expires") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto visitor = place.open(durable::GatewayKind::visitor);
            const durable::FactKey greeted{"greeted", hr, "zhangsan"};
            const auto until = place.clock.now() + 1h;
            CHECK(claim(*store, greeted, until).value());
            CHECK_FALSE(claim(*visitor, greeted, until + 1h).value());
            CHECK_FALSE(claim(*store, greeted, until).value());
            place.clock.advance(1h);
            CHECK(claim(*visitor, greeted, until + 1h).value());
            CHECK_FALSE(claim(*store, greeted, until + 2h).value());
        });
    }

    TEST_CASE("what can't be read is an error, and what can't be written is nobody's claim") {
        on_each_database([](Place& place) {
            auto store = place.open();
            place.session() << "drop table facts";
            CHECK(remembered(*store, picture) == "an error");
            CHECK(claim(*store, picture, place.clock.now() + 1h).has_error());
        });
    }

    TEST_CASE("what has expired is removed, and nothing else") {
        on_each_database([](Place& place) {
            auto options = place.options();
            options.cleaning_interval = 5ms;
            durable::Store store(options, place.loop());
            store.facts().save(picture, "old", place.clock.now());
            store.facts().save({"media", it, "young"}, "media-1", place.clock.now() + 2h);
            flush(store);
            wait_for_a_sweep(place, store);
            place.clock.advance(1h);
            wait_for_a_sweep(place, store);
            CHECK(count(place, "facts") == 1);
            CHECK(count(place, "facts", "key = 'young'") == 1);
        });
    }

    TEST_CASE("a clock that is ahead for less than an hour removes nothing") {
        on_each_database([](Place& place) {
            auto options = place.options();
            options.cleaning_interval = 5ms;
            durable::Store store(options, place.loop());
            store.facts().save(picture, "media-1", place.clock.now() + 48h);
            flush(store);
            place.clock.jump(24h * 32);
            wait_for_a_sweep(place, store);
            place.clock.advance(59min);
            wait_for_a_sweep(place, store);
            place.clock.jump(-24h * 32);
            wait_for_a_sweep(place, store);
            place.clock.advance(2h);
            wait_for_a_sweep(place, store);
            CHECK(remembered(store, picture) == "media-1");
        });
    }
}

}  // namespace
}  // namespace hermes::test
