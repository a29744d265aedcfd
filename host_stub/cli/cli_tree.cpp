#include "cli/cli_tree.hpp"

namespace hermes::host {
namespace {

ShownOption shown(const CLI::Option& option) {
    ShownOption shown{.names = option.get_name(false, true),
                      .value = option.get_expected_max() == 0 || option.get_type_size_max() == 0
                                   ? ""
                                   : option.get_type_name(),
                      .help = option.get_description(),
                      .is_positional = option.get_positional()};
    for (const auto& name : option.get_lnames()) {
        shown.long_names.push_back("--" + name);
    }
    return shown;
}

void add(const CLI::App& app, const std::string& path, std::vector<ShownCommand>& list) {
    const auto all = [](const auto*) { return true; };
    ShownCommand command{.path = path, .help = app.get_description(), .app = &app};
    for (const auto* option : app.get_options(all)) {
        if (!option->get_group().empty()) {
            command.options.push_back(shown(*option));
        }
    }
    std::vector<const CLI::App*> below;
    for (const auto* subcommand : app.get_subcommands(all)) {
        if (!subcommand->get_group().empty()) {
            command.subcommands.push_back(subcommand->get_name());
            below.push_back(subcommand);
        }
    }
    list.push_back(std::move(command));
    for (const auto* subcommand : below) {
        add(*subcommand, (path.empty() ? "" : path + ' ') + subcommand->get_name(), list);
    }
}

}  // namespace

void translate(CLI::App& app, const Translator& words) {
    const auto formatter = std::dynamic_pointer_cast<CLI::Formatter>(app.get_formatter());
    for (const auto* label : {"Usage", "OPTIONS", "SUBCOMMAND", "SUBCOMMANDS", "Positionals",
                              "REQUIRED", "Needs", "Excludes"}) {
        formatter->label(label, words(label));
    }
    app.description(words(app.get_description()));
    app.footer(words(app.get_footer()));
    for (auto* option : app.get_options()) {
        option->description(words(option->get_description()));
        option->group(words(option->get_group()));
    }
    for (auto* command : app.get_subcommands([](const auto*) { return true; })) {
        command->group(words(command->get_group()));
        translate(*command, words);
    }
}

std::vector<ShownCommand> shown_commands(const CLI::App& app) {
    std::vector<ShownCommand> list;
    add(app, "", list);
    return list;
}

}  // namespace hermes::host
