// A line that a person typed at the simulator: something to write to the app, or a command to the
// simulator. Commands begin with a colon, since the gateway's own begin with a slash.
#pragma once

#include <string>
#include <string_view>

namespace hermes::host::simulator {

struct PromptLine {
    enum class Kind { nothing, text, command };

    Kind kind = Kind::nothing;
    std::string text{};      // to write
    std::string command{};   // without the colon
    std::string argument{};  // the rest, without blanks around it
};

// `:name argument`; `::text` writes `:text`; anything else is written as it is.
PromptLine parse_prompt_line(std::string_view line);

// The first word of `text`, which loses it and the blanks after it.
std::string take_word(std::string_view& text);

}  // namespace hermes::host::simulator
