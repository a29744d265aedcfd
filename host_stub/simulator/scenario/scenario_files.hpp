// The files of a scenario: those that its members send, and what is said of those that come.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "simulator/scenario/scenario.hpp"
#include "simulator/wecom/media_shelf.hpp"

namespace hermes::host::simulator {

// What a step sends. Throws std::runtime_error with a sentence for one that is not there, that lies
// outside `folder`, or that WeCom would not take as what it is sent.
Media read_sent_file(const std::filesystem::path& folder, const ScenarioStep& step);

// Reads all of them, so that what is missing is told before anything is played. Throws UsageError
// with one line that names the scenario's line, too.
void check_sent_files(const Scenario& scenario, const std::filesystem::path& folder);

}  // namespace hermes::host::simulator
