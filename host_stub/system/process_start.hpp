// When a process has started: with its number it names that process alone, since numbers come
// again.
#pragma once

#include <sys/types.h>

#include <string>

namespace hermes::host {

// In ticks since the boot; empty if there is no such process.
std::string start_time_of(pid_t pid);

}  // namespace hermes::host
