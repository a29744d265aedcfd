// The declared commands, as a list that is easy to walk. CLI11's own headers are heavy: included by
// what needs them alone.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "output/translator.hpp"

namespace hermes::host {

// What is shown of one option or positional argument.
struct ShownOption {
    std::string names;                      // `-h,--help`; a positional argument's own
    std::vector<std::string> long_names{};  // `--help`
    std::string value{};                    // what it takes, as FILE; empty: nothing
    std::string help{};
    bool is_positional = false;
};

struct ShownCommand {
    std::string path;  // `state dead list`; empty: the program itself
    std::string help{};
    std::vector<std::string> subcommands{};
    std::vector<ShownOption> options{};
    const CLI::App* app = nullptr;
};

// The program first, each command before those below it; what is hidden is left out.
std::vector<ShownCommand> shown_commands(const CLI::App& app);

// Says what it tells of itself in the words of an operator's language.
void translate(CLI::App& app, const Translator& words);

}  // namespace hermes::host
