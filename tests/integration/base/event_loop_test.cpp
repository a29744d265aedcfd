#include "base/event_loop.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "support/manual_clock.hpp"

using namespace std::chrono_literals;
using hermes::base::EventLoop;
using hermes::base::MoveOnlyFunction;

static_assert(!std::is_copy_constructible_v<MoveOnlyFunction<void()>>);
static_assert(std::is_nothrow_move_constructible_v<MoveOnlyFunction<void()>>);
static_assert(!std::is_copy_constructible_v<EventLoop>);

namespace {

// Calls what it was given when it is destroyed.
class AtEnd {
public:
    explicit AtEnd(std::function<void()> act) : act_(std::move(act)) {}
    AtEnd(const AtEnd&) = delete;
    AtEnd& operator=(const AtEnd&) = delete;
    ~AtEnd() { act_(); }

private:
    std::function<void()> act_;
};

// Returns when all that was posted before has run.
void wait_for(EventLoop& loop) {
    std::promise<void> reached;
    REQUIRE(loop.post([&reached] { reached.set_value(); }));
    reached.get_future().wait();
}

}  // namespace

TEST_SUITE("base/event_loop") {
    TEST_CASE("tasks run in the order in which they were posted, all on one thread") {
        EventLoop loop;
        std::vector<int> order;
        std::vector<std::thread::id> threads;
        for (int i = 0; i < 100; ++i) {
            loop.post([&, i] {
                order.push_back(i);
                threads.push_back(std::this_thread::get_id());
            });
        }
        wait_for(loop);
        REQUIRE(order.size() == 100);
        for (int i = 0; i < 100; ++i) {
            CHECK(order[static_cast<std::size_t>(i)] == i);
            CHECK(threads[static_cast<std::size_t>(i)] == threads.front());
        }
        CHECK(threads.front() != std::this_thread::get_id());
        CHECK_FALSE(loop.is_this_thread());
    }

    TEST_CASE("what was posted is reached when it has run, and at once if the loop has stopped") {
        EventLoop loop;
        std::promise<void> go;
        bool has_run = false;
        loop.post([&] {
            go.get_future().wait();
            has_run = true;
        });
        const auto reached = loop.reached();
        CHECK(reached.wait_for(0s) == std::future_status::timeout);
        go.set_value();
        reached.wait();
        CHECK(has_run);
        loop.stop();
        loop.reached().wait();
    }

    TEST_CASE("a task may own what can't be copied") {
        EventLoop loop;
        std::promise<std::string> seen;
        loop.post([text = std::make_unique<std::string>("mine"), &seen] { seen.set_value(*text); });
        CHECK(seen.get_future().get() == "mine");
    }

    TEST_CASE("a timer runs when the clock says so, the earlier one first") {
        hermes::test::ManualClock clock;
        EventLoop loop(clock.steady_clock());
        std::vector<std::string> order;
        std::promise<void> last;
        loop.at(clock.steady_now() + 2h, [&] {
            order.emplace_back("second");
            last.set_value();
        });
        loop.at(clock.steady_now() + 1h, [&] { order.emplace_back("first"); });
        wait_for(loop);
        CHECK(order.empty());
        clock.advance(3h);
        last.get_future().wait();
        CHECK(order == std::vector<std::string>{"first", "second"});
    }

    TEST_CASE("a row of tasks that post the next one keeps no timer waiting") {
        hermes::test::ManualClock clock;
        EventLoop loop(clock.steady_clock());
        std::atomic<bool> ran{false};
        std::promise<void> over;
        std::function<void()> again = [&] {
            if (ran) {
                over.set_value();
            } else {
                loop.post(again);
            }
        };
        loop.at(clock.steady_now() + 1h, [&] { ran = true; });
        loop.post(again);
        clock.advance(2h);
        over.get_future().wait();
        CHECK(ran);
    }

    TEST_CASE("a cancelled timer does not run, and an unknown one is ignored") {
        hermes::test::ManualClock clock;
        EventLoop loop(clock.steady_clock());
        bool ran = false;
        std::promise<void> later;
        const auto timer = loop.at(clock.steady_now() + 1h, [&] { ran = true; });
        loop.at(clock.steady_now() + 2h, [&] { later.set_value(); });
        loop.cancel(timer);
        loop.cancel(timer);
        loop.cancel({});
        clock.advance(3h);
        later.get_future().wait();
        CHECK_FALSE(ran);
    }

    TEST_CASE("stop runs what was posted, forgets the timers, and takes nothing more") {
        EventLoop loop;
        std::promise<void> release;
        int ran = 0;
        bool timer_ran = false;
        loop.at(loop.now() + 1h, [&] { timer_ran = true; });
        loop.post([&] { release.get_future().wait(); });
        for (int i = 0; i < 10; ++i) {
            loop.post([&] { ++ran; });
        }
        release.set_value();
        loop.stop();
        CHECK(ran == 10);
        CHECK_FALSE(timer_ran);
        CHECK_FALSE(loop.post([&] { ++ran; }));
        CHECK(loop.at(loop.now(), [&] { ++ran; }) == EventLoop::TimerId{});
        loop.stop();
        CHECK(ran == 10);
    }

    TEST_CASE("what a task, a timer or a refused task holds may post from its destructor") {
        EventLoop loop;
        int posted = 0;
        const auto post = [&] { loop.post([&] { ++posted; }); };
        loop.post([held = std::make_unique<AtEnd>(post)] {});
        const auto timer = loop.at(loop.now() + 1h, [held = std::make_unique<AtEnd>(post)] {});
        loop.cancel(timer);
        wait_for(loop);
        wait_for(loop);
        CHECK(posted == 2);
        loop.at(loop.now() + 1h, [held = std::make_unique<AtEnd>(post)] {});
        loop.stop();
        CHECK_FALSE(loop.post([held = std::make_unique<AtEnd>(post)] {}));
        CHECK(posted == 2);
    }
}

TEST_SUITE("base/move_only_function") {
    TEST_CASE("it calls what it holds, and is empty without") {
        int calls = 0;
        MoveOnlyFunction<int(int)> twice = [&calls](int number) {
            ++calls;
            return 2 * number;
        };
        CHECK(twice(21) == 42);
        auto moved = std::move(twice);
        CHECK(moved(1) == 2);
        CHECK(calls == 2);
        CHECK_FALSE(MoveOnlyFunction<void()>());
        CHECK_FALSE(MoveOnlyFunction<void()>(nullptr));
        CHECK_FALSE(MoveOnlyFunction<void()>(std::function<void()>()));
        CHECK(MoveOnlyFunction<void()>([] {}));
    }
}
