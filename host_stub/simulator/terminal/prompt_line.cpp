#include "simulator/terminal/prompt_line.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace hermes::host::simulator {

std::string take_word(std::string_view& text) {
    text = base::trim(text);
    std::string word(text.begin(), std::ranges::find_if(text, base::is_blank));
    text = base::trim(text.substr(word.size()));
    return word;
}

PromptLine parse_prompt_line(std::string_view line) {
    line = base::trim(line);
    if (line.empty()) {
        return {};
    }
    if (line.front() != ':') {
        return {.kind = PromptLine::Kind::text, .text = std::string(line)};
    }
    line.remove_prefix(1);
    if (line.starts_with(':')) {
        return {.kind = PromptLine::Kind::text, .text = std::string(line)};
    }
    auto command = take_word(line);
    return {.kind = PromptLine::Kind::command,
            .command = std::move(command),
            .argument = std::string(line)};
}

}  // namespace hermes::host::simulator
