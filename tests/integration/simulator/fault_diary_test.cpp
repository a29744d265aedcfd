#include "simulator/fault_diary.hpp"

#include <doctest/doctest.h>

namespace hermes::host::simulator {

namespace {

ActiveFault active(FaultId id, std::string name, std::optional<int> times = {}, int met = 0) {
    ActiveFault fault{.id = id, .fault = {}, .met = met};
    fault.fault.name = std::move(name);
    fault.fault.times = times;
    return fault;
}

ScenarioStep adding(std::string name, std::optional<int> times = {}) {
    return {.kind = ScenarioStep::Kind::add_fault, .text = std::move(name), .times = times};
}

const ScenarioStep clearing{.kind = ScenarioStep::Kind::clear_faults};

using Steps = std::vector<ScenarioStep>;
using Faults = std::vector<ActiveFault>;

Steps fault_steps(const Faults& before, const Faults& after) {
    Steps steps;
    for (auto& change : fault_changes(before, after, {})) {
        steps.push_back(std::move(change.step));
    }
    return steps;
}

}  // namespace

TEST_SUITE("simulator/fault_diary") {
    TEST_CASE("a fault that is switched on is a step") {
        CHECK(fault_steps({}, {active(1, "slow"), active(2, "busy", 2)}) ==
              Steps{adding("slow"), adding("busy", 2)});
        CHECK(fault_steps({active(1, "slow")}, {active(1, "slow", {}, 1)}).empty());
    }

    TEST_CASE("a fault that was met for the last time needs no step, and one switched off does") {
        CHECK(fault_steps({active(1, "busy", 2, 1)}, {}).empty());
        CHECK(fault_steps({active(1, "busy", 2)}, {}) == Steps{clearing});
        CHECK(fault_steps({active(1, "slow")}, {}) == Steps{clearing});
    }

    TEST_CASE("where one of two is switched off, the other goes on with what is left of it") {
        CHECK(fault_steps({active(1, "slow"), active(2, "busy", 2, 1)},
                          {active(2, "busy", 2, 1)}) == Steps{clearing, adding("busy", 1)});
    }

    TEST_CASE("a fault without a name can't be told") {
        CHECK(fault_steps({}, {active(1, "")}).empty());
    }

    TEST_CASE("a fault is dated from when it was made, and what was ended from the look") {
        const base::WallTime looked(std::chrono::seconds(9));
        auto made = active(2, "busy");
        made.since = looked - std::chrono::seconds(3);
        const auto added = fault_changes({}, {made}, looked);
        REQUIRE(added.size() == 1);
        CHECK(added[0].at == made.since);
        for (const auto& change : fault_changes({active(1, "slow")}, {made}, looked)) {
            CHECK(change.at == looked);
        }
    }

    TEST_CASE("the diary has each change with its time") {
        base::WallTime now{};
        FaultDiary diary([&] { return now; });
        diary.look({active(1, "slow")});
        now += std::chrono::seconds(5);
        diary.look({active(1, "slow", {}, 1)});
        diary.look({});
        const auto changes = diary.changes();
        REQUIRE(changes.size() == 2);
        CHECK(changes[0].step == adding("slow"));
        CHECK(changes[1].step == clearing);
        CHECK(changes[1].at - changes[0].at == std::chrono::seconds(5));
    }
}

}  // namespace hermes::host::simulator
