#include <iostream>
#include <stdexcept>

#include "commands/commands.hpp"
#include "config/yaml_file.hpp"
#include "loader/setup.hpp"
#include "output/count_of.hpp"
#include "output/exit_code.hpp"
#include "plugin_check/plugin_check.hpp"

namespace hermes::host {
namespace {

// From the file, from config.yaml, or the plugin's defaults. Nothing if those don't suffice.
std::optional<PlatformSettings> settings_of(const PluginsCheckOptions& options) {
    Problems problems;
    const Plugin plugin(options.plugin);
    PlatformSettings settings;
    if (options.settings_file) {
        settings = settings_from(read_yaml_file(*options.settings_file), plugin, problems);
    } else if (options.source) {
        const auto config = load_host_config(*options.source, process_environment(), problems);
        settings = settings_for(config, plugin, problems);
    } else {
        settings = settings_from({}, plugin, problems);
    }
    if (options.source || options.settings_file) {
        for (const auto& error : problems.errors) {
            throw UsageError(error);
        }
        return settings;
    }
    const bool suffice = problems.errors.empty() && plugin.descriptor().check(settings).empty();
    return suffice ? std::optional(std::move(settings)) : std::nullopt;
}

void print_result(const CheckResult& result) {
    const char* mark = result.outcome == CheckResult::Outcome::passed   ? "ok       "
                       : result.outcome == CheckResult::Outcome::failed ? "FAILED   "
                                                                        : "skipped  ";
    std::cout << mark << result.name << (result.detail.empty() ? "" : ": ") << result.detail
              << std::endl;
}

}  // namespace

int plugins_check(const PluginsCheckOptions& options) {
    if (!std::filesystem::is_regular_file(options.plugin)) {
        throw UsageError(options.plugin.string() + " is no file");
    }
    CheckTarget target{options.plugin, std::nullopt, ""};
    if (check_loading(options.plugin).outcome ==
        CheckResult::Outcome::passed) {  // else reading it may crash us
        target.settings = settings_of(options);
    }
    std::size_t failed = 0;
    std::size_t without_settings = 0;
    for (const auto& result : check_plugin(target, print_result)) {
        failed += result.outcome == CheckResult::Outcome::failed ? 1 : 0;
        without_settings += result.detail == "it needs settings" ? 1 : 0;
    }
    if (without_settings > 0) {
        std::cerr << "its defaults are no complete settings: give --settings or --config to check "
                     "all\n";
    }
    std::cout << options.plugin.filename().string() << ": "
              << (failed == 0 ? "keeps the contract" : count_of(failed, "check") + " failed")
              << '\n';
    return failed == 0 ? exit_ok : exit_failure;
}

}  // namespace hermes::host
