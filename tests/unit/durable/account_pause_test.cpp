#include "durable/delivery/account_pause.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "protocol/api_error.hpp"

using namespace std::chrono_literals;

namespace hermes::durable {
namespace {

constexpr AccountPause::Time start{1'000'000s};
constexpr double longest = 1.0;  // of the jitter

PauseCause untrusted_ip() {
    return {.waits = setup_waits,
            .error = wecom::api_error(60020),
            .sentence = "this server's address is not trusted"};
}

PauseCause wrong_secret() {
    return {.waits = secret_waits,
            .error = wecom::api_error(41004),
            .sentence = "WeCom refuses the secret"};
}

// Fails with one probe after the other; returns how long each pause was.
std::vector<std::chrono::seconds> pauses(const PauseCause& cause, int count) {
    AccountPause pause;
    auto now = start;
    std::vector<std::chrono::seconds> waits;
    for (int i = 0; i < count; ++i) {
        pause.failed(cause, i > 0, now, longest);
        waits.push_back(std::chrono::duration_cast<std::chrono::seconds>(pause.until() - now));
        now = pause.until();
        REQUIRE(pause.probe_due(now));
        pause.probe_begins();
    }
    return waits;
}

}  // namespace

TEST_SUITE("policy/account_pause") {
    TEST_CASE("an app is open until a request fails because of it") {
        AccountPause pause;
        CHECK_FALSE(pause.paused());
        CHECK(pause.failed(untrusted_ip(), false, start, longest) == AccountPause::News::paused);
        CHECK(pause.paused());
        CHECK(pause.cause().error == wecom::api_error(60020));
    }

    TEST_CASE("what was under way when the pause began neither lengthens it nor is news") {
        AccountPause pause;
        pause.failed(untrusted_ip(), false, start, longest);
        const auto until = pause.until();
        for (int i = 0; i < 7; ++i) {
            CHECK(pause.failed(untrusted_ip(), false, start + 1s, longest) ==
                  AccountPause::News::none);
        }
        CHECK(pause.until() == until);
    }

    TEST_CASE("one probe is let through at a time, when the time has come") {
        AccountPause pause;
        pause.failed(untrusted_ip(), false, start, longest);
        CHECK_FALSE(pause.probe_due(start + 29s));
        CHECK(pause.probe_due(start + 30s));
        pause.probe_begins();
        CHECK_FALSE(pause.probe_due(start + 1h));
        pause.probe_withdrawn();
        CHECK(pause.probe_due(start + 30s));
    }

    TEST_CASE("a probe that works opens the app at once") {
        AccountPause pause;
        pause.failed(untrusted_ip(), false, start, longest);
        pause.probe_begins();
        pause.probe_succeeded();
        CHECK_FALSE(pause.paused());
        CHECK(pause.failed(untrusted_ip(), false, start + 1min, longest) ==
              AccountPause::News::paused);
        CHECK(pause.until() == start + 90s);
    }

    TEST_CASE("the pauses of a setup to be mended grow to five minutes") {
        CHECK(pauses(untrusted_ip(), 6) ==
              std::vector<std::chrono::seconds>{30s, 60s, 120s, 240s, 300s, 300s});
    }

    TEST_CASE(
        "the pauses of a refused secret grow to half an hour, since WeCom blocks who insists") {
        CHECK(pauses(wrong_secret(), 7) ==
              std::vector<std::chrono::seconds>{60s, 120s, 240s, 480s, 960s, 1800s, 1800s});
    }

    TEST_CASE("another cause is news, and begins its own waits") {
        AccountPause pause;
        pause.failed(wrong_secret(), false, start, longest);
        pause.probe_begins();
        CHECK(pause.failed(untrusted_ip(), true, start + 1min, longest) ==
              AccountPause::News::another_cause);
        CHECK(pause.until() == start + 90s);
        pause.probe_begins();
        CHECK(pause.failed(untrusted_ip(), true, start + 2min, longest) ==
              AccountPause::News::none);
    }

    TEST_CASE(
        "a probe that says nothing about the app is followed by another, as late as the last") {
        AccountPause pause;
        pause.failed(untrusted_ip(), false, start, longest);
        pause.probe_begins();
        pause.probe_told_nothing(start + 50s);
        CHECK(pause.paused());
        CHECK_FALSE(pause.probe_due(start + 79s));
        CHECK(pause.probe_due(start + 80s));
    }

    TEST_CASE("chance spreads the pauses of many apps over the upper half") {
        AccountPause pause;
        pause.failed(untrusted_ip(), false, start, 0.0);
        CHECK(pause.until() == start + 15s);
    }
}

}  // namespace hermes::durable
