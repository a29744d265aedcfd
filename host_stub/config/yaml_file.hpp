// config.yaml as a tree of text.
#pragma once

#include <filesystem>
#include <string_view>

#include "config/config_node.hpp"

namespace hermes::host {

// Throws std::runtime_error with one line that names the file and, for a mistake in it, the line:
// "config.yaml, line 7: end of map not found".
ConfigNode read_yaml_file(const std::filesystem::path& file);

// As above for text that came from `name`.
ConfigNode parse_yaml(std::string_view text, std::string_view name);

}  // namespace hermes::host
