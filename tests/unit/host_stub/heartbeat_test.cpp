#include "gateway/heartbeat.hpp"

#include <doctest/doctest.h>

#include "fakes.hpp"

using hermes::host::Heartbeat;
using hermes::host::PulseSource;
using hermes::host::test::FakeLog;
using hermes::test::Mailbox;
using std::chrono::milliseconds;

namespace {

using Felt = std::function<void()>;

constexpr milliseconds beat_interval{5};
// Long enough for many beats, if there were any.
constexpr milliseconds many_intervals{100};

PulseSource well(const std::string& name) {
    return {name, [](const Felt& felt) { felt(); }};
}

}  // namespace

TEST_SUITE("host_stub/heartbeat") {
    TEST_CASE("it beats again and again while everybody comes round") {
        FakeLog log;
        Mailbox<int> beats;
        const Heartbeat heartbeat(
            {well("a"), well("b")}, beat_interval, [&] { beats.put(1); }, log);
        for (int i = 0; i < 3; ++i) {
            CHECK(beats.take());
        }
        CHECK(log.lines.size() == 0);
    }

    TEST_CASE("it waits for who comes late, names who hangs, and beats again when all are back") {
        FakeLog log;
        Mailbox<int> beats;
        Mailbox<Felt> asked;
        const PulseSource slow{"slow", [&](Felt felt) { asked.put(std::move(felt)); }};
        const Heartbeat heartbeat(
            {well("a"), slow}, beat_interval, [&] { beats.put(1); }, log);
        const auto felt = asked.take();
        REQUIRE(felt);
        const auto line = log.lines.take();
        REQUIRE(line);
        CHECK(line->find("gateway: slow hangs: ") == 0);
        CHECK_FALSE(beats.take(many_intervals));
        CHECK(log.lines.size() == 0);  // said once
        (*felt)();
        CHECK(beats.take());
        CHECK(asked.take());
    }

    TEST_CASE("it ends at once though somebody hangs, who may come round later") {
        FakeLog log;
        Mailbox<Felt> asked;
        std::optional<Felt> late;
        {
            const Heartbeat heartbeat(
                {{"never", [&](Felt felt) { asked.put(std::move(felt)); }}}, std::chrono::hours(1),
                [] { FAIL("beat for one who hangs"); }, log);
            late = asked.take();
        }
        REQUIRE(late);
        (*late)();
    }
}
