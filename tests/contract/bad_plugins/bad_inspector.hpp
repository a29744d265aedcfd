// The dead letters of the minimal plugin: in memory, since the checks look from the same process.
#pragma once

#include "hermes/ext/state_inspector.hpp"
#include "hermes/plugin.hpp"

// A message that can't be delivered becomes one; they differ in code and account.  [any]
void add_dead_letter();

std::unique_ptr<hermes::StateInspector> inspect(const hermes::AdapterContext& context);
