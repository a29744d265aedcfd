// Tests whether a plugin keeps its side of the contract (hermes/*.hpp), for any plugin.
//
// Each check runs in a child process of its own: a plugin that crashes, hangs, leaks a thread or
// stays in memory spoils that check and no other.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hermes/settings.hpp"

namespace hermes::host {

struct CheckTarget {
    std::filesystem::path plugin{};
    // None: only what needs no settings is checked. A port in it should be 0, since several
    // adapters are started.
    std::optional<PlatformSettings> settings{};
    std::string only{};  // the name of one check; the others are left out
};

struct CheckResult {
    enum class Outcome { passed, failed, skipped };

    std::string name{};  // a sentence about a plugin that passes
    Outcome outcome = Outcome::passed;
    std::string detail{};  // why not, one line
};

// The first check alone: whether this host can load the plugin.
CheckResult check_loading(const std::filesystem::path& plugin);

// All of them. Calls `report` after each check. The process must have no other threads: it forks.
std::vector<CheckResult> check_plugin(const CheckTarget& target,
                                      const std::function<void(const CheckResult&)>& report);

}  // namespace hermes::host
