#include "gateway/reloader.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/random_hex.hpp"
#include "gateway/configured_agents.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/reload.hpp"
#include "output/exit_code.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t salt_bytes = 16;

std::string path_of(const std::string& platform) {
    return "platforms." + platform;
}

const ConfiguredPlatform* find(const Setup& setup, const std::string& platform) {
    const auto found =
        std::find_if(setup.platforms.begin(), setup.platforms.end(),
                     [&](const ConfiguredPlatform& one) { return one.plugin->name() == platform; });
    return found == setup.platforms.end() ? nullptr : &*found;
}

// What is kept has in `next` the value that it has `now`.
void keep(const KeptPaths& kept, const FlatConfig& now, FlatConfig& next) {
    const auto is_kept = [&](const auto& value) {
        return std::any_of(kept.begin(), kept.end(),
                           [&](const std::string& whole) { return is_within(value.first, whole); });
    };
    std::erase_if(next, is_kept);
    std::copy_if(now.begin(), now.end(), std::inserter(next, next.end()), is_kept);
}

}  // namespace

Reloader::Reloader(const Setup& setup, Gateway& gateway, ReplaceableAgent& agent, Log& log)
    : setup_(setup), gateway_(gateway), agent_(agent), log_(log) {
    in_force_.pid = ::getpid();
    in_force_.salt = base::random_hex(salt_bytes);
    in_force_.values = flatten(setup.config, setup.platforms, in_force_.salt);
    in_force_.kept = kept_by_the_host();
    for (const auto& platform : setup.platforms) {
        const auto name = platform.plugin->name();
        auto* offered = extension_of<Reload>(*gateway.adapter(name));
        if (offered == nullptr) {
            in_force_.kept.push_back(path_of(name));
            continue;
        }
        for (const auto& key : offered->kept_keys()) {
            in_force_.kept.push_back(path_of(name) + ".extra." + key);
        }
    }
    write_down();
}

void Reloader::say(LogLevel level, const std::string& line) {
    log_.write(level, "gateway", "reload: " + line);
}

void Reloader::write_down() {
    try {
        write_in_force(setup_.config.data_dir, in_force_);
    } catch (const std::runtime_error& problem) {
        log_.write(LogLevel::warning, "gateway", problem.what());
    }
}

void Reloader::reload(const ConfigSource& source) {
    Setup next;
    try {
        next = read_setup(source, setup_.folder);
    } catch (const UsageError& problem) {
        next.problems.errors = {problem.what()};
    }
    for (const auto& error : next.problems.errors) {
        say(LogLevel::error, error);
    }
    if (!next.problems.errors.empty()) {
        say(LogLevel::error,
            "the configuration is wrong: the gateway goes on with the old one, and would not start "
            "again");
        return;
    }
    for (const auto& warning : next.problems.warnings) {
        say(LogLevel::warning, warning);
    }
    const auto refused = reload_platforms(next);
    agent_.replace(make_configured_agents(next.config, setup_.folder));
    auto values = flatten(next.config, next.platforms, in_force_.salt);
    keep(refused, in_force_.values, values);
    const auto lines = differences(in_force_.values, values, in_force_.kept);
    for (const auto& line : lines) {
        say(LogLevel::info, line);
    }
    keep(in_force_.kept, in_force_.values, values);
    in_force_.values = std::move(values);
    write_down();
    if (!refused.empty()) {
        say(LogLevel::error, "not all of the configuration is in force: see above");
    } else if (is_a_restart_needed(lines)) {
        say(LogLevel::warning,
            "the configuration is in force, but for what needs a restart: see above");
    } else {
        say(LogLevel::info, lines.empty() ? "nothing has changed; certificates were read anew"
                                          : "the configuration is in force");
    }
}

// Returns what was not taken, beside what is known to be kept.
KeptPaths Reloader::reload_platforms(const Setup& next) {
    KeptPaths refused;
    for (const auto& running : setup_.platforms) {
        const auto name = running.plugin->name();
        auto* offered = extension_of<Reload>(*gateway_.adapter(name));
        const auto* platform = find(next, name);
        if (offered == nullptr || platform == nullptr) {
            continue;  // said to need a restart
        }
        const auto outcome = offered->reload(platform->settings);
        for (const auto& problem : outcome.problems) {
            say(LogLevel::error, complaint_about(*running.plugin, problem));
        }
        if (!outcome.problems.empty()) {
            refused.push_back(path_of(name));
        }
        for (const auto& key : outcome.kept) {
            auto path = path_of(name) + ".extra." + key;
            if (std::find(in_force_.kept.begin(), in_force_.kept.end(), path) ==
                in_force_.kept.end()) {
                say(LogLevel::error, path + ": this change needs a restart");
                refused.push_back(std::move(path));
            }
        }
    }
    return refused;
}

}  // namespace hermes::host
