#include "simulator/prompt_line.hpp"

#include "trim.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::string_view blanks = " \t\r";

}  // namespace

std::string take_word(std::string_view& text) {
    text = trim(text);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const std::string word(text.substr(0, end));
    text = trim(text.substr(end));
    return word;
}

PromptLine parse_prompt_line(std::string_view line) {
    line = trim(line);
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
