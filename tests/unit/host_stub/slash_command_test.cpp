#include "slash_command.hpp"

#include <doctest/doctest.h>

using namespace hermes::host;

TEST_SUITE("host_stub/slash_command") {
    TEST_CASE("commands are known in any case, with a bot's name and with arguments") {
        CHECK(parse_slash_command("/new") == SlashCommand::new_session);
        CHECK(parse_slash_command("/reset") == SlashCommand::new_session);
        CHECK(parse_slash_command("/Stop") == SlashCommand::stop);
        CHECK(parse_slash_command("/STATUS@hermes_bot please") == SlashCommand::status);
        CHECK(parse_slash_command("  /stop\n") == SlashCommand::stop);
        CHECK(parse_slash_command("\uFF0Fstop") == SlashCommand::stop);
    }

    TEST_CASE("everything else is for the agent") {
        for (const auto* text : {"", " ", "/", "stop", "/stopp", "/start", "/help", "/stop/now",
                                 "/new/file", "// stop", "please /stop", "/@stop"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_slash_command(text).has_value());
        }
    }
}
