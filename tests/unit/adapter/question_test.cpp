#include "outgoing/question.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {

namespace {

Question approval() {
    return {"approve-7", {{"y", "Approve"}, {"n", "Refuse"}}};
}

Question with_choices(std::size_t count) {
    Question question{"q", {}};
    for (std::size_t n = 1; n <= count; ++n) {
        question.choices.push_back({"id" + std::to_string(n), "label " + std::to_string(n)});
    }
    return question;
}

std::string problem(const Question& question, const std::string& text = "Which?") {
    return problem_of(question, text).value_or("");
}

AskedQuestion asked(Question question, Language language = Language::english) {
    return {.task_id = make_task_id(language, "00ff"),
            .question = std::move(question),
            .chat = "ww1:alice",
            .asked_in = "17",
            .language = language};
}

PlannedCard planned(const std::string& text, Question question = approval(),
                    Language language = Language::english) {
    return plan_card(asked(std::move(question), language), text, UserId::parse("alice").value(),
                     AgentId::parse("7").value());
}

std::string repeated(std::string_view character, std::size_t times) {
    std::string text;
    for (std::size_t n = 0; n < times; ++n) {
        text += character;
    }
    return text;
}

}  // namespace

TEST_SUITE("adapter/question") {
    // --- what can be asked ----------------------------------------------------------------------

    TEST_CASE("one to twenty choices with ids and labels of their own can be asked") {
        CHECK(problem(approval()).empty());
        CHECK(problem(with_choices(1)).empty());
        CHECK(problem(with_choices(20)).empty());
    }

    TEST_CASE("a question of no choice, or of too many, is refused with their number") {
        CHECK(problem(with_choices(0)) == "the question \"q\" has 0 choices, and can have 1 to 20");
        CHECK(problem(with_choices(21)) ==
              "the question \"q\" has 21 choices, and can have 1 to 20");
    }

    TEST_CASE("choices that can't be told apart are refused") {
        CHECK(problem({"q", {{"a", "Yes"}, {"a", "No"}}}) == "two choices have the id \"a\"");
        CHECK(problem({"q", {{"a", "Yes"}, {"b", " yes "}}}) ==
              "two choices have the label \" yes \"");
    }

    TEST_CASE("an empty id and a label of which nothing can be seen are refused") {
        CHECK(problem({"", {{"a", "Yes"}}}) == "the question has no id");
        CHECK(problem({"q", {{"", "Yes"}}}) == "the choice \"Yes\" has no id");
        for (const auto* label : {"", " \n", "\xe3\x80\x80", "\u200b"}) {
            CHECK(problem({"q", {{"a", label}}}) == "the choice of id \"a\" has an empty label");
        }
        CHECK(problem(approval(), " \n") ==
              "the question \"approve-7\" has no text that asks anything");
    }

    TEST_CASE("a label of 128 bytes is taken, and a longer one named with its length") {
        CHECK(problem({"q", {{"a", std::string(128, 'x')}}}).empty());
        CHECK(problem({"q", {{"a", std::string(2048, 'x')}}}) ==
              "the label of the choice \"a\" has 2048 bytes, 128 at most");
        CHECK(problem({"q", {{std::string(513, 'i'), "A"}}}) ==
              "the id of the choice \"A\" has 513 bytes, 512 at most");
        CHECK(problem({std::string(513, 'i'), {{"a", "A"}}}) ==
              "the question's id has 513 bytes, 512 at most");
    }

    TEST_CASE("a sentence about a long name holds the beginning of it, whole characters") {
        CHECK(problem({repeated("问", 100), {}}) ==
              "the question \"" + repeated("问", 13) + "…\" has 0 choices, and can have 1 to 20");
    }

    // --- what is remembered ---------------------------------------------------------------------

    TEST_CASE("what is remembered of a question is read back, whatever its ids are") {
        auto question = approval();
        question.id = "引号\" \\ \n";
        question.choices[0].id = "{\"y\":1}";
        auto before = asked(question, Language::chinese);
        before.awaits = name_of_part("a request");
        before.after = 17;
        const auto after = parse_asked_question(to_json(before));
        REQUIRE(after);
        CHECK(after->task_id == before.task_id);
        CHECK(after->question.id == question.id);
        REQUIRE(after->question.choices.size() == 2);
        CHECK(after->question.choices[0].id == "{\"y\":1}");
        CHECK(after->question.choices[1].label == "Refuse");
        CHECK(after->chat == "ww1:alice");
        CHECK(after->asked_in == "17");
        CHECK(after->language == Language::chinese);
        CHECK(after->awaits == before.awaits);
        CHECK(after->after == 17);
    }

    TEST_CASE("a damaged memory is none") {
        for (const auto* text : {"", "7", "{}", R"({"choices":7})", R"({"choices":[7]})"}) {
            CAPTURE(text);
            CHECK_FALSE(parse_asked_question(text));
        }
        CHECK(parse_asked_question(R"({"choices":[]})")->question.choices.empty());
        CHECK(parse_asked_question(R"({"choices":[]})")->awaits.empty());  // as it once was kept
    }

    TEST_CASE("a task id says whose it is and in which language, in what WeCom takes") {
        CHECK(make_task_id(Language::chinese, "00ff") == "hermes-zh-00ff");
        CHECK(language_of_task_id("hermes-zh-00ff") == Language::chinese);
        CHECK(language_of_task_id("hermes-en-00ff") == Language::english);
        CHECK_FALSE(language_of_task_id("task-1"));
        CHECK_FALSE(language_of_task_id(""));
    }

    // --- what answers it ------------------------------------------------------------------------

    TEST_CASE("a text answers by number, in digits of either width, or by a label in any case") {
        const auto choices = approval().choices;
        for (const auto* text :
             {"2", " 2 ", "２", "2.", "2)", "2、", "２。", "refuse", " Refuse"}) {
            CAPTURE(text);
            CHECK(choice_of_text(text, choices) == 1);
        }
        for (const auto* text : {"", "0", "3", "-1", "2 please", "Refuse it", "1 2", "二", "2.."}) {
            CAPTURE(text);
            CHECK_FALSE(choice_of_text(text, choices));
        }
    }

    TEST_CASE("where labels are numbers, what the member sees as the choice comes first") {
        const std::vector<Choice> choices{{"a", "2"}, {"b", "1"}, {"c", "7"}};
        CHECK(choice_of_text("2", choices) == 0);
        CHECK(choice_of_text("1", choices) == 1);
        CHECK(choice_of_text("3", choices) == 2);
    }

    TEST_CASE("choices are numbered lines, each label on one of them") {
        CHECK(numbered_choices({{"a", "Yes"}, {"b", " No\nor later "}}) ==
              "1. Yes\n2. No or later");
    }

    // --- the card -------------------------------------------------------------------------------

    TEST_CASE("a short question is the card's title, and a second paragraph its detail") {
        const auto title = planned("Ship version 7?");
        CHECK(title.card.title == "Ship version 7?");
        CHECK(title.card.detail.empty());
        CHECK_FALSE(title.text_goes_before);
        const auto both = planned("Ship version 7?\n\nAll tests pass.\nNobody waits.");
        CHECK(both.card.title == "Ship version 7?");
        CHECK(both.card.detail == "All tests pass.\nNobody waits.");
    }

    TEST_CASE("a question that is no title is the detail, under a title in its language") {
        const auto text = "Shall version 7 be shipped to all customers today?";
        CHECK(planned(text).card.title == "Please choose");
        CHECK(planned(text).card.detail == text);
        CHECK(planned(repeated("问", 160), approval(), Language::chinese).card.title == "请选择");
    }

    TEST_CASE("a text that is too long for a card goes before it, and its last line is on it too") {
        const auto report = repeated("x", 200) + "\n\nShip it?";
        CHECK(planned(report).text_goes_before);
        CHECK(planned(report).card.title == "Please choose");
        CHECK(planned(report).card.detail == "Ship it?");
        CHECK(planned(repeated("x", 400)).text_goes_before);
        CHECK(planned(repeated("x", 400)).card.detail.empty());
    }

    TEST_CASE("up to six short choices are buttons, more or longer ones a list") {
        CHECK(planned("Which?", with_choices(6)).card.shape == CardShape::buttons);
        CHECK(planned("Which?", with_choices(7)).card.shape == CardShape::list);
        CHECK(planned("Which?", {"q", {{"a", repeated("字", 10)}}}).card.shape ==
              CardShape::buttons);
        CHECK(planned("Which?", {"q", {{"a", repeated("字", 11)}}}).card.shape == CardShape::list);
        CHECK_FALSE(planned("Which?", {"q", {{"a", repeated("字", 17)}}}).choices_go_before);
        CHECK(planned("Which?", {"q", {{"a", repeated("字", 18)}}}).choices_go_before);
    }

    TEST_CASE("a list has a shorter title, and a button in the question's language") {
        const auto list = planned("Which of all of them?", with_choices(7));
        CHECK(list.card.title == "Please choose");
        CHECK(list.card.detail == "Which of all of them?");
        CHECK(list.card.submit == "Submit");
        CHECK(planned("选哪个？", with_choices(7), Language::chinese).card.submit == "提交");
    }
}

}  // namespace hermes::wecom
