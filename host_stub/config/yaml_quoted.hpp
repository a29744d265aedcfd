// A text as a YAML file has it in quotes.
#pragma once

#include <string>
#include <string_view>

namespace hermes::host {

// In one line, whatever is in it.
std::string yaml_quoted(std::string_view text);

}  // namespace hermes::host
