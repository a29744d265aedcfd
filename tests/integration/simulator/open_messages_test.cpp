#include "simulator/wecom/open_messages.hpp"

#include <doctest/doctest.h>

namespace hermes::host::simulator {

namespace {

OpenMessages after(std::initializer_list<StepKind> kinds, std::uint64_t entry = 5) {
    OpenMessages open(4);
    for (const auto kind : kinds) {
        WireStep step;
        step.kind = kind;
        step.entry = entry;
        open.take(step);
    }
    return open;
}

}  // namespace

TEST_SUITE("simulator/open_messages") {
    using enum StepKind;

    TEST_CASE("a message is open from its callback until WeCom has all of the reply") {
        CHECK(after({callback_sent}).count() == 1);
        CHECK(after({callback_sent, committed, callback_answered}).count() == 1);
        CHECK(after({callback_sent, committed, callback_answered, handed_over, agent_begun,
                     attempted, delivered})
                  .agent_works());
        CHECK(after({committed, agent_begun, agent_answered, reply_stored, attempted, delivered})
                  .count() == 1);
        CHECK(after({committed, agent_begun, agent_answered, reply_stored, attempted, delivered,
                     accepted})
                  .count() == 0);
    }

    TEST_CASE("what no gateway keeps, and what the agent leaves unanswered, is not open") {
        CHECK(after({callback_sent, callback_answered}).count() == 0);
        CHECK(after({callback_sent, callback_failed}).count() == 0);
        CHECK(after({committed, agent_begun, agent_silent}).count() == 0);
        CHECK(after({committed, agent_begun, agent_stopped}).count() == 0);
        CHECK(after({committed, agent_begun, agent_interrupted}).count() == 1);
    }

    TEST_CASE("a reply that is set aside is no answer, and what was written before counts not") {
        const auto open = after({committed, agent_begun, reply_stored, attempted, set_aside});
        CHECK(open.count() == 0);
        CHECK(open.set_aside() == 1);
        CHECK(open.contains(5));
        CHECK(after({committed, reply_stored, set_aside, attempted, accepted}).set_aside() == 0);
        CHECK(after({committed, agent_begun}, 4).count() == 0);
    }

    TEST_CASE("there is progress when a message goes on, not when it is tried once more") {
        const auto once = after({committed, agent_begun, reply_stored, attempted, put_off});
        const auto twice =
            after({committed, agent_begun, reply_stored, attempted, put_off, attempted, put_off});
        CHECK(once.changes() == twice.changes());
        CHECK(after({committed}).changes() < once.changes());
    }
}

}  // namespace hermes::host::simulator
