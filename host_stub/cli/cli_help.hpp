// What the command line tells of itself, made from the commands as they are declared: what was
// probably meant, completion for shells, the manual page.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace hermes::host {

// What is wrong with the arguments, and which command or option was probably meant.
std::string explain(const CLI::App& app, const CLI::ParseError& error);

enum class Shell { bash, zsh };
// For the shell to read: `app` as a command that completes its commands, options and files.
std::string completion_script(const CLI::App& app, Shell shell);

// In roff, for man(1).
std::string manual_page(const CLI::App& app, const std::string& version);

}  // namespace hermes::host
