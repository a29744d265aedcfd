#include "slash_command.hpp"

#include <algorithm>
#include <string>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

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
