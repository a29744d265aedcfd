#include "simulator/scenario/play.hpp"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/guarded.hpp"
#include "output/count_of.hpp"
#include "output/exit_code.hpp"
#include "simulator/scenario/scenario_files.hpp"
#include "simulator/scenario/scenario_player.hpp"
#include "simulator/scenario/scenario_reader.hpp"
#include "simulator/simulation.hpp"
#include "simulator/terminal/terminal.hpp"
#include "system/temporary_folder.hpp"

namespace hermes::host {

namespace {

using namespace simulator;

SimulateOptions options_for(const Scenario& scenario, SimulateOptions options,
                            const std::filesystem::path& folder) {
    if (options.run_directory.empty()) {
        options.run_directory = folder / "run";
    }
    options.fresh_state = folder / "state.db";
    for (const auto& step : scenario.steps) {
        if (!step.user_id.empty()) {
            options.guests.push_back({step.app, step.user_id});
        }
    }
    return options;
}

void check_apps(const Scenario& scenario, const World& world) {
    std::string known;
    for (const auto& app : world.apps) {
        known += (known.empty() ? "" : ", ") + app.name;
    }
    for (const auto& step : scenario.steps) {
        if (!step.app.empty() && world.find_app(step.app) == nullptr) {
            throw UsageError(place_of(scenario, step) + ": there is no app \"" + step.app +
                             "\", there are " + known);
        }
    }
}

std::string sum_of(const Scenario& scenario, std::size_t differences) {
    const auto steps = scenario.name + ": " + std::to_string(scenario.steps.size()) + " steps, ";
    if (differences == 0) {
        return steps + "all as expected";
    }
    return steps + count_of(differences, "difference");
}

}  // namespace

int run_play(const SimulateOptions& options) {
    Terminal terminal(STDIN_FILENO, STDOUT_FILENO);
    const auto scenario = read_scenario(options.play);
    const auto home = std::filesystem::path(options.play).parent_path();
    check_sent_files(scenario, home);
    const TemporaryFolder folder(std::filesystem::temp_directory_path(), "hermes-play-");
    std::size_t differences = 0;
    base::Guarded<std::vector<std::string>> ends;
    const auto tell = [&](const std::vector<std::string>& lines) {
        for (const auto& line : lines) {
            terminal.print(Style::bad, line);
        }
        differences += lines.size();
    };

    Simulation simulation(options_for(scenario, options, folder.path()),
                          [&](int, const std::string& how) {
                              ends.with([&](auto& lines) {
                                  lines.push_back(scenario.name + ": the gateway ended " + how);
                              });
                          });
    check_apps(scenario, simulation.wecom().world());
    simulation.start();
    ScenarioPlayer player(simulation, home);
    tell(player.play(scenario));
    simulation.stop();
    tell(player.unexpected(scenario));
    tell(ends.with([](const auto& lines) { return lines; }));
    terminal.print(differences == 0 ? Style::good : Style::bad, sum_of(scenario, differences));
    return differences == 0 ? exit_ok : exit_failure;
}

}  // namespace hermes::host
