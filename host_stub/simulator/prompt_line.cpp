#include "simulator/prompt_line.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

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
