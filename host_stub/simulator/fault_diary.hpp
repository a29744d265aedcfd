// When which fault was switched on or off, in a scenario's words.
#pragma once

#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "simulator/scenario/scenario.hpp"
#include "simulator/wecom/faults.hpp"

namespace hermes::host::simulator {

struct FaultChange {
    base::WallTime at{};
    ScenarioStep step{};  // add_fault or clear_faults
};

// What was done between the two. A fault that was met as often as it could be ended by itself. A
// scenario can only end all of them: those that stay are added again. Pure.
//
// A fault is dated from when it was made, what was ended from `now`: a look comes late.
std::vector<FaultChange> fault_changes(const std::vector<ActiveFault>& before,
                                       const std::vector<ActiveFault>& after, base::WallTime now);

class FaultDiary {
public:
    explicit FaultDiary(base::Clock clock) : clock_(std::move(clock)) {}

    // To be called whenever they may have changed.  [any]
    void look(const std::vector<ActiveFault>& now);
    std::vector<FaultChange> changes() const;  // [any]

private:
    struct Pages {
        std::vector<ActiveFault> last{};
        std::vector<FaultChange> changes{};
    };

    const base::Clock clock_;
    base::Guarded<Pages> pages_;
};

}  // namespace hermes::host::simulator
