#include "simulator/errands.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>

namespace hermes::host::simulator {

namespace {

void wait_for_stop(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, stop, [] { return false; });
}

}  // namespace

TEST_SUITE("simulator/errands") {
    TEST_CASE("errands run beside each other, and none waits for another") {
        std::latch both(2);
        Errands errands(2);
        for (int i = 0; i < 2; ++i) {
            CHECK(errands.begin([&](const std::stop_token&) { both.arrive_and_wait(); }));
        }
        both.wait();
    }

    TEST_CASE("more at once than may be are refused, until one is done") {
        std::promise<void> go;
        std::promise<void> gone;
        Errands errands(1);
        CHECK(errands.begin([&](const std::stop_token&) {
            go.get_future().wait();
            gone.set_value();
        }));
        CHECK_FALSE(errands.begin([](const std::stop_token&) {}));
        go.set_value();
        gone.get_future().wait();
        while (!errands.begin([](const std::stop_token&) {})) {
            std::this_thread::yield();
        }
    }

    TEST_CASE("one is told to stop by its name, and the others go on") {
        std::promise<void> ended;
        std::atomic<bool> other_has_ended = false;
        Errands errands(2);
        errands.begin(
            [&](const std::stop_token& stop) {
                wait_for_stop(stop);
                ended.set_value();
            },
            "one");
        errands.begin(
            [&](const std::stop_token& stop) {
                wait_for_stop(stop);
                other_has_ended = true;
            },
            "other");
        errands.stop("nobody");
        errands.stop("one");
        ended.get_future().wait();
        CHECK_FALSE(other_has_ended);
        errands.stop();
        CHECK(other_has_ended);
    }

    TEST_CASE("a stop ends what is under way, and nothing begins after it") {
        Errands errands(4);
        bool has_ended = false;
        errands.begin([&](const std::stop_token& stop) {
            wait_for_stop(stop);
            has_ended = true;
        });
        errands.stop();
        CHECK(has_ended);
        CHECK_FALSE(errands.begin([](const std::stop_token&) {}));
        errands.stop();
    }
}

}  // namespace hermes::host::simulator
