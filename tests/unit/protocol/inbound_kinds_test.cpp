#include "protocol/inbound_kinds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/inbound_kinds");

std::vector<std::string> names_with(Handling handling) {
    std::vector<std::string> names;
    for (const auto& rule : inbound_rules()) {
        if (rule.handling == handling) {
            names.emplace_back(rule.event.empty() ? rule.msg_type : rule.event);
        }
    }
    return names;
}

TEST_CASE("what a member says or chooses goes to the agent, and nothing else does") {
    CHECK(names_with(Handling::agent) ==
          std::vector<std::string>{"text", "image", "voice", "video", "file", "location", "link",
                                   "click", "scancode_push", "scancode_waitmsg", "location_select",
                                   "template_card_event", "template_card_menu_event"});
}

TEST_CASE("what ends the app's life is a warning, and what brings it back a line") {
    CHECK(names_with(Handling::warned) ==
          std::vector<std::string>{"inactive_alert", "low_active_alert", "close_inactive_agent"});
    CHECK(names_with(Handling::noted) ==
          std::vector<std::string>{"reopen_inactive_agent", "low_active", "active_restored"});
}

TEST_CASE("each rule is found by what it is for, and says what has happened") {
    for (const auto& rule : inbound_rules()) {
        CAPTURE(rule.msg_type);
        CAPTURE(rule.event);
        CHECK(&inbound_rule(rule.msg_type, rule.event) == &rule);
        CHECK_FALSE(rule.meaning.empty());
        CHECK(rule.kind != InboundKind::unknown);
        CHECK(std::ranges::none_of(rule.event, [](char c) { return c >= 'A' && c <= 'Z'; }));
    }
}

TEST_CASE("a place that was reported is another thing than a place that was sent") {
    CHECK(inbound_rule("location", "").kind == InboundKind::location);
    CHECK(inbound_rule("event", "location").handling == Handling::passed_over);
}

TEST_CASE("an Event counts only in an event") {
    CHECK(inbound_rule("text", "click").kind == InboundKind::text);
    CHECK(inbound_rule("click", "").kind == InboundKind::unknown);
    CHECK(inbound_rule("event", "text").kind == InboundKind::unknown);
}

TEST_CASE("what is unknown has a rule too, and is passed over") {
    for (const auto& [msg_type, event] : std::vector<std::pair<std::string, std::string>>{
             {"hologram", ""}, {"event", "new_in_2030"}, {"event", ""}, {"", ""}}) {
        CAPTURE(msg_type);
        const auto& rule = inbound_rule(msg_type, event);
        CHECK(rule.kind == InboundKind::unknown);
        CHECK(rule.handling == Handling::passed_over);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
