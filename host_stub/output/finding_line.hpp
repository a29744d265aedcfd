// A finding as a line for a terminal, or for a program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hermes/ext/doctor.hpp"
#include "output/translator.hpp"

namespace hermes::host {

// In the operator's language.
std::string finding_line(const Finding& finding, const Translator& words);

// {"verdict": "failed", "subject": "clock", "sentence": "..."}
std::string finding_json(const Finding& finding);
// Nothing if it is none.
std::optional<Finding> finding_of_json(std::string_view line);

}  // namespace hermes::host
