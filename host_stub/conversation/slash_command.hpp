// Messages that are for the gateway, not for the agent.
#pragma once

#include <optional>
#include <string_view>

namespace hermes::host {

enum class SlashCommand {
    new_session,  // /new, /reset, /新会话
    stop,         // /stop, /停止
    status,       // /status, /状态
    help,         // /help, /帮助
};

// The name is the first word, in any case, without `@bot`: "/Stop@hermes now" is stop. A name that
// contains another `/` is a path, not a command. What is none of the above is for the agent.
std::optional<SlashCommand> parse_slash_command(std::string_view text);

// What follows that first word: with /new it is the first message of the new session.
std::string_view behind_slash_command(std::string_view text) noexcept;

}  // namespace hermes::host
