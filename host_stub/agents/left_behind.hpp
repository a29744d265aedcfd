// The agent's programs that a gateway which was killed has left at work: its successor ends them
// before it starts its own, so that nothing is done twice side by side.
//
// Each program has a mark in its environment, which its own children inherit: there is no moment at
// which one runs and is not known.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace hermes::host {

// "NAME=value" for the environment of what this process starts.
std::string mark_of_this_gateway(const std::filesystem::path& data_dir);

// Kills what bears the mark of a gateway on the same data directory that runs no more; returns how
// many processes.
std::size_t end_left_behind(const std::filesystem::path& data_dir);

}  // namespace hermes::host
