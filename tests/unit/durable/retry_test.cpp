#include "durable/delivery/retry.hpp"

#include <doctest/doctest.h>

#include <boost/system/errc.hpp>
#include <chrono>
#include <variant>
#include <vector>

#include "protocol/api_error.hpp"

using namespace std::chrono_literals;
using hermes::durable::FailedAttempt;
using hermes::durable::GiveUp;
using hermes::durable::next_step;
using hermes::durable::PauseAccount;
using hermes::durable::PauseWaits;
using hermes::durable::RetryAt;
using hermes::durable::RetryLimits;
using hermes::wecom::api_error;

namespace {

constexpr std::chrono::steady_clock::time_point failed_at{1'700'000'000s};

FailedAttempt failed_with(int errcode) {
    FailedAttempt failed;
    failed.error = api_error(errcode);
    failed.now = failed_at;
    failed.deadline = failed_at + 24h;
    return failed;
}

std::chrono::milliseconds wait_after(const FailedAttempt& failed, const RetryLimits& limits = {}) {
    const auto step = next_step(failed, limits);
    REQUIRE(std::holds_alternative<RetryAt>(step));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::get<RetryAt>(step).when -
                                                                 failed.now);
}

PauseWaits pause_after(boost::system::error_code error) {
    auto failed = failed_with(-1);
    failed.error = error;
    const auto step = next_step(failed, {});
    REQUIRE(std::holds_alternative<PauseAccount>(step));
    return std::get<PauseAccount>(step).waits;
}

GiveUp::Reason reason_of(const FailedAttempt& failed) {
    const auto step = next_step(failed, {});
    REQUIRE(std::holds_alternative<GiveUp>(step));
    return std::get<GiveUp>(step).reason;
}

}  // namespace

TEST_SUITE("policy/retry") {
    TEST_CASE(
        "a token that is dead although it is fresh waits, so that no token service is hammered") {
        for (const int errcode : {40001, 40014, 41001, 42001}) {
            CAPTURE(errcode);
            auto failed = failed_with(errcode);
            failed.attempt = 2;
            CHECK(wait_after(failed) == 1500ms);
        }
    }

    TEST_CASE("trouble that passes is tried again with doubling waits up to the longest") {
        const std::vector<std::chrono::milliseconds> expected{
            750ms,    1500ms,   3000ms,    6000ms,    12'000ms, 24'000ms,
            48'000ms, 96'000ms, 192'000ms, 225'000ms, 225'000ms};
        auto failed = failed_with(-1);
        for (const auto wait : expected) {
            CAPTURE(failed.attempt);
            CHECK(wait_after(failed) == wait);
            ++failed.attempt;
        }
        failed.attempt = 2'000'000'000;
        CHECK(wait_after(failed) == 225'000ms);
    }

    TEST_CASE("chance spreads a wait over its upper half") {
        auto failed = failed_with(-1);
        failed.attempt = 4;
        failed.chance = 0.0;
        CHECK(wait_after(failed) == 4000ms);
        failed.chance = 0.999'999;
        CHECK(wait_after(failed) >= 7999ms);
        CHECK(wait_after(failed) <= 8000ms);
    }

    TEST_CASE("WeCom's rate limit pauses the app for a minute, each time") {
        const auto waits = pause_after(api_error(45009));
        CHECK(waits.first == 60'000ms);
        CHECK(waits.longest == 60'000ms);
    }

    TEST_CASE(
        "an error code that nobody knows is tried again, as WeCom's passing ones are new too") {
        CHECK(wait_after(failed_with(6000)) == 750ms);
        CHECK(wait_after(failed_with(50012)) == 750ms);
        CHECK(wait_after(failed_with(-40404)) == 750ms);
    }

    TEST_CASE("an error code that nobody knows holds up its chat for an hour, no longer") {
        auto failed = failed_with(6000);
        failed.unexplained_for = 59min;
        CHECK(wait_after(failed) == 750ms);
        failed.unexplained_for = 60min;
        CHECK(reason_of(failed) == GiveUp::Reason::permanent);
    }

    TEST_CASE("what a person must mend for the app pauses it, a refused secret for longer") {
        for (const int errcode : {60020, 40056, 301002, 48002, 50001, 50003}) {
            CAPTURE(errcode);
            const auto waits = pause_after(api_error(errcode));
            CHECK(waits.first == 30'000ms);
            CHECK(waits.longest == 300'000ms);
        }
        const auto secret = pause_after(api_error(41004));
        CHECK(secret.first == 60'000ms);
        CHECK(secret.longest == 1'800'000ms);
    }

    TEST_CASE("what a person must mend for a member holds up that chat alone") {
        for (const int errcode : {43004, 50002, 60011}) {
            CAPTURE(errcode);
            auto failed = failed_with(errcode);
            CHECK(wait_after(failed) == 22'500ms);
            failed.attempt = 20;
            CHECK(wait_after(failed) == 225'000ms);
        }
    }

    TEST_CASE("an error that no table maps is tried again: a reply is not lost to the unknown") {
        auto failed = failed_with(-1);
        failed.error = make_error_code(boost::system::errc::connection_reset);
        CHECK(wait_after(failed) == 750ms);
    }

    TEST_CASE("what is wrong with this message or member fails at once") {
        for (const int errcode : {60111, 40003, 81013, 45002, 44004}) {
            CAPTURE(errcode);
            CHECK(reason_of(failed_with(errcode)) == GiveUp::Reason::permanent);
        }
    }

    TEST_CASE("a permanent error stays permanent after the deadline") {
        auto failed = failed_with(60111);
        failed.deadline = failed_at - 1h;
        CHECK(reason_of(failed) == GiveUp::Reason::permanent);
    }

    TEST_CASE("what waits for a person is given up at the deadline") {
        auto failed = failed_with(60020);
        failed.deadline = failed_at;
        CHECK(reason_of(failed) == GiveUp::Reason::deadline);
    }

    TEST_CASE("a wait that would pass the deadline gives up now") {
        auto failed = failed_with(-1);
        failed.deadline = failed_at + 749ms;
        CHECK(reason_of(failed) == GiveUp::Reason::deadline);
        failed.deadline = failed_at + 750ms;
        CHECK(reason_of(failed) == GiveUp::Reason::deadline);
        failed.deadline = failed_at + 751ms;
        CHECK(wait_after(failed) == 750ms);
    }

    TEST_CASE("a dead token after the deadline is not refreshed") {
        auto failed = failed_with(42001);
        failed.deadline = failed_at;
        CHECK(reason_of(failed) == GiveUp::Reason::deadline);
    }
}
