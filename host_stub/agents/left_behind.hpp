// The agent's programs that a gateway has left behind: its successor ends them before it starts its
// own, so that nothing is done twice side by side. A gateway that was killed leaves all of them;
// one that was stopped, those that have gone into a group of their own, whose message comes again
// just the same.
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
