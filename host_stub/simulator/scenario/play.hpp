// `hermes-host-stub simulate --play FILE`: a scenario against a real gateway, with nobody watching.
#pragma once

#include "simulator/simulate.hpp"

namespace hermes::host {

// Prints what differed, a line each, and a line at the end; exit_ok if nothing did. The gateway has
// a state of its own that begins empty. Throws UsageError and std::runtime_error with one line.
int run_play(const SimulateOptions& options);

}  // namespace hermes::host
