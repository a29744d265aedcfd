#include "cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string_view>

#include "chinese/chinese_rows.hpp"
#include "cli/cli_help.hpp"
#include "cli/cli_line.hpp"
#include "cli/cli_tree.hpp"
#include "commands/commands.hpp"
#include "guide/guide_words.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "output/journal.hpp"
#include "simulator/simulate.hpp"

namespace hermes::host {

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
    command.add_option("--data-dir", source.data_dir, "Instead of the configuration's")
        ->type_name("DIR");
}

namespace {

// As CLI11 wants them.
template <typename Enum, std::size_t count>
std::map<std::string, Enum> choices(const Words<Enum, count>& words) {
    return {words.begin(), words.end()};
}

void add_gateway(CLI::App& app, CommandLine& line) {
    auto* gateway = add_command(app, "gateway", "The gateway itself")->require_subcommand(1);
    auto* start = add_command(*gateway, "start",
                              "Run in the foreground until SIGINT or SIGTERM; SIGHUP takes the "
                              "configuration anew");
    add_source(*start, line.source);
    const auto add_choice = [start](const char* name, auto& value, const char* help, auto words) {
        std::string names;
        for (const auto& [word, meaning] : words) {
            names += (names.empty() ? "" : "|") + word;
        }
        start
            ->add_option_function<std::string>(
                name, [&value, words](const std::string& word) { value = words.at(word); }, help)
            ->check(CLI::IsMember(words).description(""))
            ->type_name(names);
    };
    add_choice("--log-level", line.start.log_level, "Instead of the configuration's",
               choices(log_levels));
    add_choice("--log-format", line.start.log_format, "The same", choices(log_formats));
    start->add_flag("--log-agents", line.start.logs_agents,
                    "At level debug, in JSON: what agents are given and say. It holds what members "
                    "write");
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
    auto* diff = add_command(*config, "diff",
                             "Say what a reload of the gateway that runs would change: status 1 if "
                             "anything");
    add_source(*diff, line.source);
    diff->callback([&line] { line.run = [&line] { return config_diff(line.source); }; });
}

void add_language(CLI::App& command, std::optional<GuideLanguage>& language) {
    command
        .add_option_function<std::string>(
            "--language",
            [&language](const std::string& word) {
                language = word == "zh" ? GuideLanguage::chinese : GuideLanguage::english;
            },
            "Instead of the locale's")
        ->check(CLI::IsMember({"en", "zh"}).description(""))
        ->type_name("en|zh");
}

void add_doctor(CLI::App& app, CommandLine& line) {
    auto* doctor = add_command(app, "doctor", "Look whether the whole set-up works");
    add_source(*doctor, line.source);
    auto* url =
        doctor
            ->add_option("--public-url", line.doctor.public_url,
                         "The address that the platform calls, to be looked at from outside")
            ->type_name("URL");
    auto* listen = doctor->add_flag("--listen")
                       ->description(
                           "Instead of a gateway: say what arrives while the callback "
                           "URL is saved, and what is wrong with it")
                       ->excludes(url);
    auto* json =
        doctor->add_flag("--json")->description("A JSON object a finding")->excludes(listen);
    add_language(*doctor, line.doctor.language);
    doctor->callback([&line, listen, json] {
        if (listen->count() > 0) {
            line.run = [&line] { return listen_for_arrivals(line.source, line.doctor.language); };
            return;
        }
        line.doctor.source = line.source;
        line.doctor.format = json->count() > 0 ? OutputFormat::json : OutputFormat::text;
        line.run = [&line] { return run_doctor(line.doctor); };
    });
}

void add_init(CLI::App& app, CommandLine& line) {
    auto* init = add_command(app, "init", "Ask what is needed, and write config.yaml and .env");
    init->add_option("--config", line.init.file, "Where to; .env is written beside it")
        ->capture_default_str()
        ->type_name("FILE");
    init->add_option("--platform", line.init.platform, "If several could be set up");
    init->add_option("--plugins-dir", line.init.plugins_directory, "Default: by the program")
        ->type_name("FOLDER");
    init->add_option("--set", line.init.settings,
                     "A setting that is not asked for; its variable does the same, and no list of "
                     "processes shows that")
        ->type_name("KEY=VALUE");
    add_language(*init, line.init.language);
    auto* quiet = init->add_flag("--no-input")->description("Ask nothing: all is given");
    auto* force = init->add_flag("--force")->description("Overwrite what is there");
    init->callback([&line, quiet, force] {
        line.init.ask = quiet->count() > 0 ? Asking::never : Asking::freely;
        line.init.overwrite = force->count() > 0;
        line.run = [&line] { return run_init(line.init); };
    });
}

void add_agent(CLI::App& app, CommandLine& line) {
    auto* agent = add_command(app, "agent", "Who answers")->require_subcommand(1);
    auto* attempt = add_command(*agent, "try", "Ask the configured agent once, without a platform");
    add_source(*attempt, line.source);
    auto* text = attempt->add_option("text", line.agent.text, "What to ask");
    attempt->add_option("--account", line.agent.account, "As if it had been written to this one");
    auto* input = attempt
                      ->add_option("--input", line.agent.input_file,
                                   "What the agent is given as it is, instead; - is stdin")
                      ->type_name("FILE")
                      ->excludes(text);
    attempt
        ->add_option("--agent", line.agent.agent_file,
                     "YAML with another `agent` section to try; - is stdin")
        ->type_name("FILE");
    attempt->add_flag("--json", line.json, "Print all that passed as JSON");
    attempt->callback([&line, text, input] {
        if (text->count() == 0 && input->count() == 0) {
            throw CLI::RequiredError("text, or --input");
        }
        line.agent.format = line.json ? OutputFormat::json : OutputFormat::text;
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
    send->add_option("--platform", line.send.platform,
                     "If several are enabled, and the account does not say");
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
    simulate
        ->add_option("--gateways", line.simulate.gateways,
                     "So many on one database, a PostgreSQL of the simulation's own")
        ->check(CLI::Range(1, 9).description(""))
        ->capture_default_str();
    simulate
        ->add_option("--play", line.simulate.play,
                     "A scenario to play without the page; the exit status says whether it passed")
        ->type_name("FILE");
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
void complain(std::string_view problems, const CommandLine& line) {
    const auto language = line.doctor.language ? line.doctor.language : line.init.language;
    while (!problems.empty()) {
        const std::string problem(problems.substr(0, problems.find('\n')));
        std::cerr << stderr_mark(LogLevel::error) << error_mark
                  << translated_failure(problem, line.source, language) << '\n';
        problems.remove_prefix(std::min(problem.size() + 1, problems.size()));
    }
}

int run_reporting(const CommandLine& line) {
    try {
        return line.run();
    } catch (const UsageError& error) {
        complain(error.what(), line);
        return exit_usage;
    } catch (const std::exception& error) {
        complain(error.what(), line);
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
    add_init(app, line);
    add_agent(app, line);
    add_plugins(app, line);
    add_send(app, line);
    add_state(app, line);
    add_simulate(app, line);
    add_completion(app, line);
    Translator words;
    if (language_of(process_environment()) == GuideLanguage::chinese) {
        words.add(chinese_cli_rows());
        translate(app, words);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help, --version
            return app.exit(error);
        }
        std::cerr << error_mark << words(explain(app, error)) << '\n'
                  << words("Run with --help for more.") << '\n';
        return exit_usage;
    }
    return run_reporting(line);
}

}  // namespace hermes::host
