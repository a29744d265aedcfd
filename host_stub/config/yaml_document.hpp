// The one document of a YAML file, as yaml-cpp has it.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string_view>

namespace hermes::host {

// Null for an empty one. Throws YAML::Exception, whose mark is at the line that a person has to
// mend: where the quotation mark opens that is never closed, not where the file ends.
YAML::Node load_yaml_document(std::string_view text);

}  // namespace hermes::host
