// What the gateway and most commands begin with: configuration and plugins.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/translations.hpp"
#include "loader/platforms.hpp"
#include "loader/plugin_loader.hpp"
#include "output/log.hpp"
#include "output/translator.hpp"

namespace hermes::host {

struct Setup {
    HostConfig config{};
    PluginFolder folder{};
    std::vector<ConfiguredPlatform> platforms{};  // points into `folder`
    Problems problems{};
    Translator words{};  // what the host and the plugins say, in the locale's language
};

// Reads the configuration and loads the plugins. Throws UsageError if a file can't be read.
// `language`: instead of the locale's.
Setup load_setup(const ConfigSource& source, std::optional<GuideLanguage> language = {});

// As above with plugins that are loaded already, whatever is in their folder now: `folder` stays
// empty, and `platforms` points into `loaded`.
Setup read_setup(const ConfigSource& source, const PluginFolder& loaded);

// As load_setup; prints what is wrong on stderr and throws UsageError if anything is. What does not
// stop the command (plugins that don't load, warnings) is left for the caller to report.
Setup require_setup(const ConfigSource& source, std::optional<GuideLanguage> language = {});

// What the host and these plugins say, in Chinese; of a plugin as long as it is loaded.
std::vector<std::span<const Translation>> chinese_tables(const PluginFolder& folder);

// The same, to be looked up, in that language.
Translator words_in(GuideLanguage language, const PluginFolder& folder);

// What a command that has failed has said, in the operator's language. The plugins that it had
// loaded are gone by then, and loaded anew.
std::string translated_failure(const std::string& sentence, const ConfigSource& source,
                               std::optional<GuideLanguage> language);

// Prints warnings, and the plugins that could not be loaded, on stderr.
void report_warnings(const Setup& setup);

// Warnings and errors alone: what a command prints is what was asked for.
std::unique_ptr<Log> make_quiet_log(const Setup& setup);

// What agents get of the environment. Their tools do what members ask of them: the platforms'
// secrets are not for them.
Environment agent_environment(const PluginFolder& folder);

// Of the enabled platforms the one of that name; without a name the only one, or the only one with
// that account. Throws UsageError.
const ConfiguredPlatform& choose_platform(const Setup& setup, const std::string& name,
                                          const std::string& account = {});

}  // namespace hermes::host
