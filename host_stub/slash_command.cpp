#include "slash_command.hpp"

#include <string>

namespace hermes::host {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// What stands behind the slash; Chinese keyboards type a full-width one.
std::optional<std::string_view> behind_slash(std::string_view text) {
    for (const std::string_view slash : {"/", "\uFF0F"}) {
        if (text.starts_with(slash)) {
            return text.substr(slash.size());
        }
    }
    return std::nullopt;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

}  // namespace

std::optional<SlashCommand> parse_slash_command(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    const auto rest = behind_slash(text.substr(first));
    if (!rest) {
        return std::nullopt;
    }
    auto word = rest->substr(0, rest->find_first_of(blanks));
    if (word.find('/') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto name = lower(word.substr(0, word.find('@')));
    if (name == "new" || name == "reset") {
        return SlashCommand::new_session;
    }
    if (name == "stop") {
        return SlashCommand::stop;
    }
    if (name == "status") {
        return SlashCommand::status;
    }
    return std::nullopt;
}

}  // namespace hermes::host
