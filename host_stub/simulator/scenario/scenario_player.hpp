// Plays a scenario's steps, one after the other, against a simulation that runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulator/scenario/scenario.hpp"
#include "simulator/simulation.hpp"

namespace hermes::host::simulator {

class ScenarioPlayer {
public:
    // Files are looked for in `folder`.
    ScenarioPlayer(Simulation& simulation, std::filesystem::path folder)
        : simulation_(simulation), folder_(std::move(folder)) {}

    // What differed, a sentence each. It goes on after a difference, so that all are told.
    std::vector<std::string> play(const Scenario& scenario);

    // What has come to chats of the scenario and was not asked for. Once the simulation is stopped:
    // then nothing more can come.
    std::vector<std::string> unexpected(const Scenario& scenario);

private:
    // What differs; empty: nothing.
    std::string do_step(const ScenarioStep& step);
    std::string act(const ScenarioStep& step);
    MemberMessage message_of(const ScenarioStep& step);
    MemberMessage file_of(const ScenarioStep& step);
    std::string wait_for(const ScenarioStep& step);
    std::string await_step(const ScenarioStep& step);
    void break_something(const ScenarioStep& step);

    Simulation& simulation_;
    const std::filesystem::path folder_;
    // Of the wire, by app and member: what was awaited is not awaited again.
    std::map<std::pair<std::string, std::string>, std::uint64_t> last_awaited_;
};

}  // namespace hermes::host::simulator
