#include "timer.hpp"

#include <doctest/doctest.h>

#include "support/eventually.hpp"

using namespace hermes::host;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST_SUITE("host_stub/timer") {
    TEST_CASE("calls come in the order of their times, not of their making") {
        hermes::test::Mailbox<int> called;
        Timer timer;
        const auto now = steady_clock::now();
        timer.at(now + milliseconds(30), [&] { called.put(3); });
        timer.at(now + milliseconds(10), [&] { called.put(1); });
        timer.at(now + milliseconds(20), [&] { called.put(2); });
        CHECK(called.take() == 1);
        CHECK(called.take() == 2);
        CHECK(called.take() == 3);
        CHECK(steady_clock::now() >= now + milliseconds(30));
    }

    TEST_CASE("a call may make another") {
        hermes::test::Mailbox<int> called;
        Timer timer;
        timer.at(steady_clock::now(), [&] {
            timer.at(steady_clock::now(), [&] { called.put(2); });
            called.put(1);
        });
        CHECK(called.take() == 1);
        CHECK(called.take() == 2);
    }

    TEST_CASE("a cancelled call is not made") {
        hermes::test::Mailbox<int> called;
        Timer timer;
        const auto soon = steady_clock::now() + milliseconds(20);
        const auto id = timer.at(soon, [&] { called.put(1); });
        timer.at(soon, [&] { called.put(2); });
        timer.cancel(id);
        CHECK(called.take() == 2);
        CHECK(called.size() == 0);
        timer.cancel(id);
    }

    TEST_CASE("stopping drops what is not due, and takes nothing more") {
        hermes::test::Mailbox<int> called;
        Timer timer;
        timer.at(steady_clock::now() + std::chrono::hours(1), [&] { called.put(1); });
        timer.stop();
        timer.at(steady_clock::now(), [&] { called.put(2); });
        timer.stop();
        CHECK(called.size() == 0);
    }
}
