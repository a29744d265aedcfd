#include "cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string_view>

#include "cli_help.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "simulator/simulate.hpp"
#include "since.hpp"

namespace hermes::host {
namespace {

// Where each command's options land, and which command it is.
struct CommandLine {
    ConfigSource source{};
    GatewayStartOptions start{};
    DoctorOptions doctor{};
    AgentTryOptions agent{};
    PluginsListOptions list{};
    PluginsCheckOptions check{};
    SendOptions send{};
    std::string recalled{};
    std::filesystem::path menu_file{};
    StateOptions state{};
    SimulateOptions simulate{};
    bool json = false;
    std::int64_t send_timeout_seconds = 60;
    std::function<int()> run{};
};

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help) {
    auto* command = parent.add_subcommand(name, help);
    command->fallthrough();
    return command;
}

void add_source(CLI::App& command, ConfigSource& source) {
    command.add_option("--config", source.file, "The configuration")
        ->capture_default_str()
        ->type_name("FILE");
    command
        .add_option("--env-file", source.env_file,
                    "Variables; default: .env beside the configuration")
        ->type_name("FILE");
}

// As CLI11 wants them.
template <typename Enum, std::size_t count>
std::map<std::string, Enum> choices(const Words<Enum, count>& words) {
    return {words.begin(), words.end()};
}

void add_gateway(CLI::App& app, CommandLine& line) {
    auto* gateway = add_command(app, "gateway", "The gateway itself")->require_subcommand(1);
    auto* start = add_command(*gateway, "start", "Run in the foreground until SIGINT or SIGTERM");
    add_source(*start, line.source);
    const auto add_choice = [start](const char* name, auto& value, const char* help, auto words) {
        std::string names;
        for (const auto& [word, meaning] : words) {
            names += (names.empty() ? "" : "|") + word;
        }
        start->add_option(name, value, help)
            ->transform(CLI::CheckedTransformer(words).description(""))
            ->type_name(names);
    };
    add_choice("--log-level", line.start.log_level, "Instead of the configuration's",
               choices(log_levels));
    add_choice("--log-format", line.start.log_format, "The same", choices(log_formats));
    start->callback([&line] {
        line.start.source = line.source;
        line.run = [&line] { return gateway_start(line.start); };
    });
}

void add_config(CLI::App& app, CommandLine& line) {
    auto* config = add_command(app, "config", "The configuration")->require_subcommand(1);
    auto* check = add_command(*config, "check", "Say everything that is wrong with it");
    add_source(*check, line.source);
    check->callback([&line] { line.run = [&line] { return config_check(line.source); }; });
}

void add_doctor(CLI::App& app, CommandLine& line) {
    auto* doctor = add_command(app, "doctor", "Look whether the whole set-up works");
    add_source(*doctor, line.source);
    doctor
        ->add_option("--public-url", line.doctor.public_url,
                     "The address that the platform calls, to be looked at from outside")
        ->type_name("URL");
    doctor->callback([&line] {
        line.doctor.source = line.source;
        line.run = [&line] { return run_doctor(line.doctor); };
    });
}

void add_agent(CLI::App& app, CommandLine& line) {
    auto* agent = add_command(app, "agent", "Who answers")->require_subcommand(1);
    auto* attempt = add_command(*agent, "try", "Ask the configured agent once, without a platform");
    add_source(*attempt, line.source);
    attempt->add_option("text", line.agent.text, "What to ask")->required();
    attempt->add_option("--account", line.agent.account, "As if it had been written to this one");
    attempt->callback([&line] {
        line.agent.source = line.source;
        line.run = [&line] { return agent_try(line.agent); };
    });
}

void add_plugins(CLI::App& app, CommandLine& line) {
    auto* plugins = add_command(app, "plugins", "Platform plugins")->require_subcommand(1);
    auto* list = add_command(*plugins, "list", "Show what is in plugins_dir");
    add_source(*list, line.source);
    list->add_flag("--settings", line.list.with_settings, "With every setting of each plugin");
    list->callback([&line] {
        line.list.source = line.source;
        line.run = [&line] { return plugins_list(line.list); };
    });

    auto* check =
        add_command(*plugins, "check", "Test whether a plugin keeps its side of the contract");
    check->add_option("plugin", line.check.plugin, "The library, a .so")
        ->required()
        ->type_name("FILE");
    check->add_option("--settings", line.check.settings_file, "YAML, as under `extra`")
        ->type_name("FILE");
    auto* config = check->add_option("--config", line.source.file, "Take the settings from it")
                       ->type_name("FILE");
    check->callback([&line, config] {
        if (config->count() > 0) {
            line.check.source = line.source;
        }
        line.run = [&line] { return plugins_check(line.check); };
    });
}

void add_send(CLI::App& app, CommandLine& line) {
    auto* send = add_command(app, "send", "Send one message, beside a running gateway or without");
    add_source(*send, line.source);
    auto* chat = send->add_option("--chat", line.send.chat, "Whom to; its form is the platform's");
    send->add_option("--account", line.send.account, "Through which account");
    send->add_option("--platform", line.send.platform, "If several are enabled");
    send->add_option("--text", line.send.text, "What to say; default: what is on stdin")
        ->needs(chat);
    send->add_option("--timeout", line.send_timeout_seconds,
                     "Seconds to wait for delivery; then it is left to the gateway")
        ->capture_default_str()
        ->check(CLI::Range(1, 24 * 60 * 60).description(""))
        ->type_name("SECONDS")
        ->needs(chat);
    auto* recall =
        send->add_option("--recall", line.recalled,
                         "Take back what was sent, by the message id that `send` printed")
            ->type_name("ID");
    auto* menu = send->add_option("--menu", line.menu_file, "Set the account's menu: JSON")
                     ->type_name("FILE");
    auto* show = send->add_flag("--menu-show")->description("Print the account's menu");
    auto* remove = send->add_flag("--menu-delete")->description("Remove the account's menu");
    const std::array instead{recall, menu, show, remove};
    for (std::size_t i = 0; i < instead.size(); ++i) {
        instead[i]->group("Instead of a message")->excludes(chat);
        for (std::size_t j = 0; j < i; ++j) {
            instead[i]->excludes(instead[j]);
        }
    }
    send->callback([&line, chat, recall, menu, show, remove] {
        const AccountSource account{line.source, line.send.platform, line.send.account};
        if (recall->count() > 0) {
            line.run = [&line, account] { return recall_message(account, line.recalled); };
        } else if (menu->count() > 0) {
            line.run = [&line, account] { return set_menu(account, line.menu_file); };
        } else if (show->count() > 0) {
            line.run = [account] { return show_menu(account); };
        } else if (remove->count() > 0) {
            line.run = [account] { return remove_menu(account); };
        } else if (chat->count() > 0) {
            line.send.source = line.source;
            line.send.timeout = std::chrono::seconds(line.send_timeout_seconds);
            line.run = [&line] { return send_message(line.send); };
        } else {
            throw CLI::RequiredError("--chat");
        }
    });
}

template <typename Choose>
void add_retry(CLI::App& dead, CommandLine& line, const Choose& choose) {
    auto* retry = add_command(dead, "retry", "Put one back, or all");
    auto* id = retry->add_option("id", line.state.id, "As `state dead list` shows it");
    auto* all = retry->add_flag("--all")->description("All that fit what follows")->excludes(id);
    auto& filter = line.state.filter;
    retry->add_option("--code", filter.platform_code, "With WeCom's error code")
        ->needs(all)
        ->check(
            [](const std::string& text) {
                // To the contract it would be any code: too much for what looks like so little.
                return text == "0" ? "0 is no code: leave it out for all of them" : "";
            },
            "");
    retry->add_option("--account", filter.account, "Of this app")->needs(all);
    retry
        ->add_option_function<std::string>(
            "--since",
            [&filter](const std::string& text) {
                filter.since = parse_since(text, std::chrono::system_clock::now());
                if (!filter.since) {
                    throw CLI::ValidationError("--since",
                                               "write 30m, 24h, 7d, 2026-11-26 or "
                                               "2026-11-26T08:00 (UTC)");
                }
            },
            "Set aside then or later: 30m, 24h, 7d ago, or a time in UTC")
        ->needs(all);
    retry->callback([&line, choose, all] {
        if (all->count() == 0 && line.state.id.empty()) {
            throw CLI::RequiredError("id, or --all");
        }
        choose(all->count() > 0 ? StateAction::retry_all_dead : StateAction::retry_dead);
    });
}

void add_state(CLI::App& app, CommandLine& line) {
    auto* state = add_command(app, "state", "What is stored: waiting, under way, set aside");
    add_source(*state, line.source);
    state->add_option("--platform", line.state.platform, "Default: all");
    state->add_flag("--json", line.json, "Print JSON");
    const auto choose = [&line](StateAction action) {
        line.state.action = action;
        line.state.source = line.source;
        line.state.format = line.json ? OutputFormat::json : OutputFormat::text;
        line.run = [&line] { return show_state(line.state); };
    };
    auto* dead = add_command(*state, "dead", "Messages set aside after the last attempt");
    dead->require_subcommand(1);
    auto* list = add_command(*dead, "list", "Oldest first");
    list->add_option("--limit", line.state.limit, "At most so many")->capture_default_str();
    list->callback([choose] { choose(StateAction::list_dead); });
    const auto add_by_id = [&](const char* name, const char* help, StateAction action) {
        auto* command = add_command(*dead, name, help);
        command->add_option("id", line.state.id, "As `state dead list` shows it")->required();
        command->callback([choose, action] { choose(action); });
    };
    add_by_id("show", "All of one", StateAction::show_dead);
    add_retry(*dead, line, choose);
    add_by_id("drop", "Remove it for good", StateAction::drop_dead);
    state->callback([choose, dead] {
        if (!dead->parsed()) {
            choose(StateAction::summary);
        }
    });
}

void add_simulate(CLI::App& app, CommandLine& line) {
    auto* simulate =
        add_command(app, "simulate", "Play WeCom on loopback, with a real gateway beside it");
    simulate->add_option("--port", line.simulate.port, "Of the chat page; 0: any free one")
        ->capture_default_str();
    simulate->add_option("--api-port", line.simulate.api_port, "Of WeCom's API; 0: any free one")
        ->capture_default_str();
    simulate
        ->add_option("--config", line.simulate.config,
                     "The gateway's configuration; default: one made in the run folder")
        ->type_name("FILE");
    simulate->add_option("--run-dir", line.simulate.run_directory, "For configuration, state, log")
        ->type_name("FOLDER");
    simulate
        ->add_option("--plugins-dir", line.simulate.plugins_directory, "Default: by the program")
        ->type_name("FOLDER");
    simulate->callback([&line] { line.run = [&line] { return run_simulate(line.simulate); }; });
}

// Prints what the commands tell of themselves.
void add_completion(CLI::App& app, CommandLine& line) {
    auto* completion = add_command(app, "completion", "Print a script that completes commands");
    const auto add_shell = [&](const char* name, const char* help, Shell shell) {
        add_command(*completion, name, help)->callback([&app, &line, shell] {
            line.run = [&app, shell] {
                std::cout << completion_script(app, shell);
                return exit_ok;
            };
        });
    };
    completion->require_subcommand(1);
    add_shell("bash", "For bash: source <(hermes-host-stub completion bash)", Shell::bash);
    add_shell("zsh", "For zsh: as _hermes-host-stub in a folder of $fpath", Shell::zsh);
    auto* manual = add_command(app, "manual", "Print the manual page");
    manual->group("");  // for the build
    manual->callback([&app, &line] {
        line.run = [&app] {
            std::cout << manual_page(app, HERMES_VERSION);
            return exit_ok;
        };
    });
}

// A line each of what may be several.
void complain(std::string_view problems) {
    while (!problems.empty()) {
        const auto line = problems.substr(0, problems.find('\n'));
        std::cerr << "error: " << line << '\n';
        problems.remove_prefix(std::min(line.size() + 1, problems.size()));
    }
}

int run_reporting(const std::function<int()>& command) {
    try {
        return command();
    } catch (const UsageError& error) {
        complain(error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        complain(error.what());
        return exit_failure;
    }
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
    CommandLine line;
    CLI::App app("A small gateway between chat platforms and an AI agent", "hermes-host-stub");
    app.require_subcommand(1);
    app.set_version_flag("--version", "hermes-host-stub " HERMES_VERSION);
    app.footer(
        "Exit status: 0 done; 1 it failed while running, and may succeed another time; 2 wrong "
        "usage or configuration.");
    add_gateway(app, line);
    add_config(app, line);
    add_doctor(app, line);
    add_agent(app, line);
    add_plugins(app, line);
    add_send(app, line);
    add_state(app, line);
    add_simulate(app, line);
    add_completion(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help, --version
            return app.exit(error);
        }
        std::cerr << "error: " << explain(app, error) << "\nRun with --help for more.\n";
        return exit_usage;
    }
    return run_reporting(line.run);
}

}  // namespace hermes::host
