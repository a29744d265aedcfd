#include "conversation/slash_command.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

constexpr std::array<std::pair<std::string_view, SlashCommand>, 9> names{{
    {"new", SlashCommand::new_session},
    {"reset", SlashCommand::new_session},
    {"新会话", SlashCommand::new_session},
    {"stop", SlashCommand::stop},
    {"停止", SlashCommand::stop},
    {"status", SlashCommand::status},
    {"状态", SlashCommand::status},
    {"help", SlashCommand::help},
    {"帮助", SlashCommand::help},
}};

// What stands behind the slash; Chinese keyboards type a full-width one.
std::optional<std::string_view> behind_slash(std::string_view text) {
    for (const std::string_view slash : {"/", "\uFF0F"}) {
        if (text.starts_with(slash)) {
            return text.substr(slash.size());
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<SlashCommand> parse_slash_command(std::string_view text) {
    const auto rest = behind_slash(base::trim(text));
    if (!rest) {
        return std::nullopt;
    }
    const std::string_view word(rest->begin(), std::ranges::find_if(*rest, base::is_blank));
    if (word.find('/') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto name = base::lower(word.substr(0, word.find('@')));
    const auto* const found = std::ranges::find(names, name, [](const auto& n) { return n.first; });
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::string_view behind_slash_command(std::string_view text) noexcept {
    text = base::trim(text);
    const auto* const end = std::ranges::find_if(text, base::is_blank);
    return base::trim({end, text.end()});
}

}  // namespace hermes::host
