#include "conversation/slash_command.hpp"

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
        CHECK(parse_slash_command("/help") == SlashCommand::help);
    }

    TEST_CASE("what stands behind a command is known") {
        CHECK(behind_slash_command("/new") == "");
        CHECK(behind_slash_command(" /new@bot \n") == "");
        CHECK(behind_slash_command("／新会话  帮我写\n周报 ") == "帮我写\n周报");
    }

    TEST_CASE("commands have Chinese names too") {
        CHECK(parse_slash_command("/新会话") == SlashCommand::new_session);
        CHECK(parse_slash_command("／停止") == SlashCommand::stop);
        CHECK(parse_slash_command("/状态 ") == SlashCommand::status);
        CHECK(parse_slash_command("／帮助") == SlashCommand::help);
    }

    TEST_CASE("everything else is for the agent") {
        for (const auto* text : {"", " ", "/", "stop", "/stopp", "/start", "/helpme", "停止",
                                 "/stop/now", "/new/file", "// stop", "please /stop", "/@stop"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_slash_command(text).has_value());
        }
    }
}
