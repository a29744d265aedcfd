// Events with files wait until they are ready, in the store as it runs and after a restart.
#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

struct Waiting {
    durable::StoredEvent event;
    durable::Inbox::Ready ready;
};

// A host that decides when an event is ready.
class PatientHost {
public:
    explicit PatientHost(durable::Store& store) {
        store.inbox().start(
            {hr}, {.hand_over = [this](durable::StoredEvent event) { handed.put(event.payload); },
                   .make_ready =
                       [this](durable::StoredEvent event, durable::Inbox::Ready ready) {
                           waiting.put({std::move(event), std::move(ready)});
                       }});
    }
    Mailbox<std::string> handed;
    Mailbox<Waiting> waiting;
};

durable::NewEvent picture(const std::string& key, const std::string& user = "zhangsan") {
    auto result = event(key, user);
    result.payload = key;
    result.has_files = true;
    return result;
}

durable::NewEvent text(const std::string& key, const std::string& user = "zhangsan") {
    auto result = picture(key, user);
    result.has_files = false;
    return result;
}

TEST_SUITE("state/waiting events") {
    TEST_CASE("an event with files is accepted at once and handed over when it is ready") {
        on_each_database([](Place& place) {
            auto store = place.open();
            PatientHost host(*store);
            CHECK(accept(*store, picture("picture")).value() == durable::Accepted::stored);
            accept(*store, text("behind it"));
            accept(*store, text("elsewhere", "lisi"));
            CHECK(host.handed.take() == "elsewhere");
            auto waiting = host.waiting.take();
            REQUIRE(waiting);
            CHECK(waiting->event.payload == "picture");
            flush(*store);
            run_out(place.loop());
            CHECK(host.handed.size() == 0);
            waiting->ready(std::move(waiting->event));  // on this thread
            CHECK(host.handed.take() == "picture");
            CHECK(host.handed.take() == "behind it");
            store->stop();
        });
    }

    TEST_CASE("what waited when the process ended waits again, in order, uncharged") {
        on_each_database([](Place& place) {
            auto store = place.open();
            auto host = std::make_unique<PatientHost>(*store);
            accept(*store, picture("picture"));
            accept(*store, text("behind it"));
            REQUIRE(host->waiting.take());
            end_without_stop(store, place);
            host.reset();
            store = place.open();
            PatientHost next(*store);
            auto waiting = next.waiting.take();
            REQUIRE(waiting);
            CHECK(waiting->event.attempt == 1);
            CHECK(waiting->event.has_files);
            waiting->ready(std::move(waiting->event));
            CHECK(next.handed.take() == "picture");
            CHECK(next.handed.take() == "behind it");
            store->stop();
        });
    }

    TEST_CASE("what becomes ready after the stop is not handed over") {
        SqlitePlace place;
        auto store = place.open();
        PatientHost host(*store);
        accept(*store, picture("picture"));
        auto waiting = host.waiting.take();
        REQUIRE(waiting);
        store->stop();
        waiting->ready(std::move(waiting->event));
        run_out(place.loop());
        CHECK(host.handed.size() == 0);
        CHECK(event_row(place, 1).state == 0);
    }

    TEST_CASE("where nobody makes events ready they go as they are") {
        SqlitePlace place;
        auto store = place.open();
        Host host(*store);
        accept(*store, picture("picture"));
        const auto handed = host.next();
        REQUIRE(handed);
        CHECK(handed->files.empty());
        CHECK(store->inbox().begin(handed->seq));
    }
}

}  // namespace
}  // namespace hermes::test
