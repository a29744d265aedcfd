// Variables from the process environment and from a `.env` file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::host {

using Environment = std::map<std::string, std::string, std::less<>>;

// The variables of this process.
Environment process_environment();

// NAME=value each, as a child process takes them.
std::vector<std::string> variable_lines(const Environment& variables);

// Lines of KEY=VALUE. A leading `export` is ignored, `#` starts a comment at the start of a line or
// after a blank, 'single quotes' take everything as it is, "double quotes" know \n \t \" \\ \$.
// Throws std::runtime_error with one line that names the file and the line but shows nothing of it,
// since it may hold a secret.
Environment read_env_file(const std::filesystem::path& file);

// As above for text that came from `name`.
Environment parse_env(std::string_view text, std::string_view name);

}  // namespace hermes::host
