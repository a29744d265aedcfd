#include "protocol/template_card.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "protocol/inbound.hpp"

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/template_card");

QuestionCard card_of(CardShape shape, std::vector<std::string> labels) {
    return {.shape = shape,
            .to_user = UserId::parse("alice").value(),
            .agent = AgentId::parse("1000002").value(),
            .task_id = "hermes-en-1",
            .title = "Ship it?",
            .detail = "Version 7",
            .labels = std::move(labels),
            .submit = "Submit"};
}

std::optional<std::size_t> pressed(std::string_view key) {
    return chosen_option({}, key, 3);
}

std::optional<std::size_t> selected(std::vector<CardAnswer::Selection> selections) {
    CardAnswer answer;
    answer.selections = std::move(selections);
    return chosen_option(answer, "submit", 3);
}

TEST_CASE("a question is a card with a button for each choice, the first of which stands out") {
    CHECK(format_question_card(card_of(CardShape::buttons, {"Yes", "不行"})) ==
          R"({"touser":"alice","msgtype":"template_card","agentid":1000002,"template_card":)"
          R"({"card_type":"button_interaction","main_title":{"title":"Ship it?"},)"
          R"("task_id":"hermes-en-1","sub_title_text":"Version 7","button_list":)"
          R"([{"text":"Yes","style":1,"key":"1"},{"text":"不行","style":2,"key":"2"}]}})");
}

TEST_CASE("many choices are a list of which one is selected and submitted") {
    CHECK(format_question_card(card_of(CardShape::list, {"a", "b"})) ==
          R"({"touser":"alice","msgtype":"template_card","agentid":1000002,"template_card":)"
          R"({"card_type":"vote_interaction","main_title":{"title":"Ship it?","desc":"Version 7"},)"
          R"("task_id":"hermes-en-1","checkbox":{"question_key":"choice","mode":0,"option_list":)"
          R"([{"id":"1","text":"a","is_checked":false},{"id":"2","text":"b","is_checked":false}]},)"
          R"("submit_button":{"text":"Submit","key":"submit"}}})");
}

TEST_CASE("an operator is shown a card as lines, with its choices in brackets") {
    for (const auto shape : {CardShape::buttons, CardShape::list}) {
        CHECK(shown_card(format_question_card(card_of(shape, {"Yes", "No"}))) ==
              "Ship it?\nVersion 7\n[Yes]\n[No]");
    }
    CHECK_FALSE(shown_card(R"({"touser":"alice","msgtype":"text","text":{"content":"hi"}})"));
    CHECK_FALSE(shown_card("no JSON"));
    CHECK_FALSE(shown_card(R"({"template_card":7})"));
    CHECK(shown_card(R"({"template_card":{"button_list":[7,{"text":8}],"checkbox":9}})") ==
          "[]\n[]");
}

TEST_CASE("a press names the choice by its key") {
    CHECK(pressed("1") == 0);
    CHECK(pressed("3") == 2);
    for (const auto* key :
         {"", "0", "4", "-1", "1 ", " 1", "1x", "submit", "99999999999999999999"}) {
        CAPTURE(key);
        CHECK_FALSE(pressed(key));
    }
}

TEST_CASE("a submitted list names the choice by what was selected, if that is one") {
    CHECK(selected({{"choice", {"2"}}}) == 1);
    CHECK_FALSE(selected({{"choice", {}}}));
    CHECK_FALSE(selected({{"choice", {"1", "2"}}}));
    CHECK_FALSE(selected({{"choice", {"1"}}, {"choice", {"2"}}}));
    CHECK_FALSE(selected({{"choice", {"4"}}}));
    CHECK_FALSE(selected({}));
}

TEST_CASE("what closes a card tells itself from a message, and is the body of its call") {
    const auto parcel = format_card_closing({.user = UserId::parse("alice").value(),
                                             .agent = AgentId::parse("1000002").value(),
                                             .response_code = "rc\"1",
                                             .label = "Yes"});
    const auto body = card_closing_body(parcel);
    REQUIRE(body);
    CHECK(*body == R"({"userids":["alice"],"agentid":1000002,"response_code":"rc\"1",)"
                   R"("button":{"replace_name":"Yes"}})");
    CHECK(shown_card(parcel) == "[Yes]");
    CHECK_FALSE(card_closing_body(format_question_card(card_of(CardShape::buttons, {"Yes"}))));
    CHECK_FALSE(card_closing_body(""));
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
