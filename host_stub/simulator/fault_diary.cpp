#include "simulator/fault_diary.hpp"

#include <algorithm>

namespace hermes::host::simulator {

namespace {

bool holds(const std::vector<ActiveFault>& faults, FaultId id) {
    return std::any_of(faults.begin(), faults.end(),
                       [&](const ActiveFault& active) { return active.id == id; });
}

bool ended_by_itself(const ActiveFault& last_seen) {
    return last_seen.fault.times && last_seen.met + 1 >= *last_seen.fault.times;
}

ScenarioStep adding(const ActiveFault& active) {
    ScenarioStep step{.kind = ScenarioStep::Kind::add_fault, .text = active.fault.name};
    if (active.fault.times) {
        step.times = *active.fault.times - active.met;
    }
    return step;
}

}  // namespace

std::vector<FaultChange> fault_changes(const std::vector<ActiveFault>& before,
                                       const std::vector<ActiveFault>& after, base::WallTime now) {
    const bool were_ended =
        std::any_of(before.begin(), before.end(), [&](const ActiveFault& active) {
            return !holds(after, active.id) && !ended_by_itself(active);
        });
    std::vector<FaultChange> changes;
    if (were_ended) {
        changes.push_back({now, {.kind = ScenarioStep::Kind::clear_faults}});
    }
    for (const auto& active : after) {
        // One that was made by hand has no name that a scenario could give.
        if (!active.fault.name.empty() && (were_ended || !holds(before, active.id))) {
            changes.push_back({were_ended ? now : active.since, adding(active)});
        }
    }
    return changes;
}

void FaultDiary::look(const std::vector<ActiveFault>& now) {
    pages_.with([&](Pages& pages) {
        for (auto& change : fault_changes(pages.last, now, clock_())) {
            pages.changes.push_back(std::move(change));
        }
        pages.last = now;
    });
}

std::vector<FaultChange> FaultDiary::changes() const {
    return pages_.with([](const Pages& pages) { return pages.changes; });
}

}  // namespace hermes::host::simulator
