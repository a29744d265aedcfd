#include "simulator/terminal/terminal.hpp"

#include <doctest/doctest.h>

#include "piped_terminal.hpp"
#include "simulator/terminal/prompt_line.hpp"
#include "simulator/wecom/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

using Kind = PromptLine::Kind;

}  // namespace

TEST_SUITE("simulator/terminal") {
    TEST_CASE("a line is written as it is, also the gateway's own commands") {
        CHECK(parse_prompt_line("  hello there ").text == "hello there");
        CHECK(parse_prompt_line("/new").kind == Kind::text);
        CHECK(parse_prompt_line("::colon").text == ":colon");
        CHECK(parse_prompt_line("   ").kind == Kind::nothing);
    }

    TEST_CASE("a colon begins a command to the simulator") {
        const auto line = parse_prompt_line(":fault  rate-limit   3 ");
        CHECK(line.kind == Kind::command);
        CHECK(line.command == "fault");
        CHECK(line.argument == "rate-limit   3");
        std::string_view argument = line.argument;
        CHECK(take_word(argument) == "rate-limit");
        CHECK(argument == "3");
    }

    TEST_CASE("every fault has its own name and says what it does") {
        for (const auto& fault : named_faults()) {
            CHECK(find_named_fault(fault.name) == &fault);
            CHECK(fault.fault.name == fault.name);
            CHECK_FALSE(fault.text.empty());
        }
        CHECK(find_named_fault("earthquake") == nullptr);
    }

    TEST_CASE("what is printed to a pipe has no colour, no prompt and no control character") {
        test::PipedTerminal piped;
        auto& terminal = piped.terminal;
        CHECK_FALSE(terminal.is_interactive());
        terminal.show_prompt("> ");
        terminal.print(Style::bad, "a reply \x1b[2J\x07 of\ntwo lines");
        CHECK(piped.read() == "a reply ?[2J? of\n    two lines\n");
    }
}

}  // namespace hermes::host::simulator
