#include "loader/setup.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "chinese/chinese_rows.hpp"
#include "config/nearest_key.hpp"
#include "config/variables.hpp"
#include "guide/guide_words.hpp"
#include "hermes/ext/extension.hpp"
#include "output/count_of.hpp"
#include "output/exit_code.hpp"
#include "output/journal.hpp"

namespace hermes::host {
namespace {

// Shown by its place among several: only the platform knows what it calls it.
bool has_no_name(std::string_view account) {
    return account.starts_with('#');
}

// An agent for an account that is nowhere would answer nobody, and nobody would know why.
void check_accounts_of_agents(Setup& setup) {
    std::vector<std::string> known;
    for (const auto& platform : setup.platforms) {
        for (const auto& account : platform.accounts) {
            if (!has_no_name(account)) {
                known.push_back(account);
                known.push_back(platform.plugin->name() + "/" + account);
            }
        }
    }
    for (const auto& agent : setup.config.agents) {
        for (const auto& account : agent.accounts) {
            if (has_no_name(account.substr(account.find('/') + 1))) {
                setup.problems.errors.push_back(agent.config.setting("accounts") + ": " + account +
                                                " is an app without a name: give it a `name`");
            } else if (std::find(known.begin(), known.end(), account) == known.end()) {
                setup.problems.errors.push_back(agent.config.setting("accounts") +
                                                ": there is no " + account +
                                                did_you_mean(account, known));
            }
        }
    }
}

std::vector<const ConfiguredPlatform*> platforms_with(const Setup& setup,
                                                      const std::string& account) {
    std::vector<const ConfiguredPlatform*> found;
    for (const auto& platform : setup.platforms) {
        const auto& accounts = platform.accounts;
        if (std::find(accounts.begin(), accounts.end(), account) != accounts.end()) {
            found.push_back(&platform);
        }
    }
    return found;
}

// It has none that are listed, or some that it alone can name.
bool may_know_others(const ConfiguredPlatform& platform) {
    const auto& accounts = platform.accounts;
    return accounts.empty() || std::any_of(accounts.begin(), accounts.end(), has_no_name);
}

// Who is to be told of what is wrong would not be, and that when it is.
void check_account_of_watch(Setup& setup) {
    const auto& wanted = setup.config.watch.account;
    const auto& platforms = setup.platforms;
    if (wanted.empty() || platforms.empty()) {
        return;
    }
    const auto having = platforms_with(setup, wanted).size();
    if (having == 1 || (platforms.size() == 1 && may_know_others(platforms.front()))) {
        return;
    }
    if (having > 1) {
        setup.problems.errors.push_back("watch.tell: several platforms have an app " + wanted +
                                        ": give it a `name` of its own");
        return;
    }
    std::string known;
    for (const auto& platform : platforms) {
        for (const auto& account : platform.accounts) {
            known += (known.empty() ? "" : ", ") + account;
        }
    }
    setup.problems.errors.push_back("watch.tell: there is no app " + wanted +
                                    " (configured: " + known + ")");
}

Setup read_config(const ConfigSource& source) {
    Setup setup;
    setup.config = read_or_usage_error(
        [&] { return load_host_config(source, process_environment(), setup.problems); });
    return setup;
}

void resolve(Setup& setup, const PluginFolder& folder, std::optional<GuideLanguage> language) {
    setup.words = words_in(language.value_or(language_of(setup.config.environment)), folder);
    setup.platforms = resolve_platforms(setup.config, folder, setup.problems);
    if (setup.problems.errors.empty()) {  // else accounts may be missing for another reason
        check_accounts_of_agents(setup);
        check_account_of_watch(setup);
    }
}

}  // namespace

std::vector<std::span<const Translation>> chinese_tables(const PluginFolder& folder) {
    std::vector<std::span<const Translation>> tables{chinese_rows()};
    for (const auto& plugin : folder.plugins) {
        const auto* offered = extension_of<Translations>(plugin.descriptor());
        if (offered != nullptr && std::string_view(offered->language) == "zh") {
            tables.emplace_back(offered->rows, offered->count);
        }
    }
    return tables;
}

Translator words_in(GuideLanguage language, const PluginFolder& folder) {
    Translator words;
    if (language == GuideLanguage::chinese) {
        for (const auto& table : chinese_tables(folder)) {
            words.add(table);
        }
    }
    return words;
}

std::string translated_failure(const std::string& sentence, const ConfigSource& source,
                               std::optional<GuideLanguage> language) {
    auto environment = process_environment();
    PluginFolder folder;
    try {
        Problems ignored;
        const auto config = load_host_config(source, environment, ignored);
        environment = config.environment;
        if (language.value_or(language_of(environment)) == GuideLanguage::chinese) {
            folder = load_plugins(config.plugins_dir);
        }
    } catch (const std::runtime_error&) {
        // That may be what the sentence is about. The host's own are known all the same.
    }
    return words_in(language.value_or(language_of(environment)), folder)(sentence);
}

Setup load_setup(const ConfigSource& source, std::optional<GuideLanguage> language) {
    auto setup = read_config(source);
    setup.folder = load_plugins(setup.config.plugins_dir);
    resolve(setup, setup.folder, language);
    return setup;
}

Setup read_setup(const ConfigSource& source, const PluginFolder& loaded) {
    auto setup = read_config(source);
    resolve(setup, loaded, std::nullopt);
    return setup;
}

Setup require_setup(const ConfigSource& source, std::optional<GuideLanguage> language) {
    auto setup = load_setup(source, language);
    if (!setup.problems.errors.empty()) {
        report_warnings(setup);
        for (const auto& error : setup.problems.errors) {
            std::cerr << stderr_mark(LogLevel::error) << error_mark << setup.words(error) << '\n';
        }
        throw UsageError(source.file.string() + ": " +
                         count_of(setup.problems.errors.size(), "error"));
    }
    return setup;
}

void report_warnings(const Setup& setup) {
    for (const auto& problem : setup.folder.problems) {
        std::cerr << stderr_mark(LogLevel::warning) << "warning: " << setup.words(problem) << '\n';
    }
    for (const auto& warning : setup.problems.warnings) {
        std::cerr << stderr_mark(LogLevel::warning) << "warning: " << setup.words(warning) << '\n';
    }
}

Environment agent_environment(const PluginFolder& folder) {
    auto variables = process_environment();
    variables.erase("CREDENTIALS_DIRECTORY");
    for (const auto& plugin : folder.plugins) {
        const auto prefix = variable_name(plugin.name(), "");
        std::erase_if(variables, [&](const auto& v) { return v.first.starts_with(prefix); });
    }
    return variables;
}

std::unique_ptr<Log> make_quiet_log(const Setup& setup) {
    auto config = setup.config.log;
    config.level = std::max(config.level, LogLevel::warning);
    return make_log(config, setup.words);
}

const ConfiguredPlatform& choose_platform(const Setup& setup, const std::string& name,
                                          const std::string& account) {
    std::string names;
    for (const auto& platform : setup.platforms) {
        if (platform.plugin->name() == name) {
            return platform;
        }
        names += (names.empty() ? "" : ", ") + platform.plugin->name();
    }
    if (!name.empty()) {
        throw UsageError("--platform " + name +
                         " is not enabled (enabled: " + (names.empty() ? "none" : names) + ")");
    }
    if (setup.platforms.empty()) {
        throw UsageError("no platform is enabled: set platforms.<name>.enabled in config.yaml");
    }
    if (setup.platforms.size() > 1) {
        if (const auto having = platforms_with(setup, account); having.size() == 1) {
            return *having.front();
        }
        throw UsageError("several platforms are enabled (" + names + "): choose with --platform");
    }
    return setup.platforms.front();
}

}  // namespace hermes::host
