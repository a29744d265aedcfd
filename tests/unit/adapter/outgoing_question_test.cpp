// Questions on their way out: as cards, and as numbered lines.
#include <doctest/doctest.h>

#include "outgoing/file_words.hpp"
#include "outgoing/letter_words.hpp"
#include "outgoing/outgoing.hpp"
#include "outgoing/outgoing_question.hpp"
#include "settings_json.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::wecom {

namespace {

Settings settings_with(const char* key, const char* value) {
    auto settings = test::three_apps_json();
    settings[key] = value;
    return test::wecom_settings(settings);
}

Settings cards() {
    return settings_with("choices", "card");
}
Settings numbers() {
    return settings_with("choices", "text");
}

OutboundMessage question_of(std::string text, Question question) {
    OutboundMessage message;
    message.chat = {"ww2:Alice"};
    message.reply_to = EventId{"17"};
    message.text = std::move(text);
    message.question = std::move(question);
    return message;
}

const Question ship_it{"approve-7", {{"y", "Approve"}, {"n", "Refuse"}}};

OutgoingContext question_context() {
    OutgoingContext context;
    context.answered_account = "ww2:1000002";
    context.last_heard = [](const std::string&) { return std::nullopt; };
    context.unique = "00ff";
    return context;
}

PlannedMessage plan_of(const OutboundMessage& message, const Settings& settings) {
    auto result = plan_outgoing(message, {}, settings, question_context());
    REQUIRE(std::holds_alternative<PlannedMessage>(result));
    return std::get<PlannedMessage>(std::move(result));
}

std::vector<std::string> shown_parts(const PlannedMessage& planned, const Settings& settings) {
    std::vector<std::string> texts;
    for (const auto& part : planned.message.parts) {
        texts.push_back(letter_words(settings).read_part(part.payload));
    }
    return texts;
}

}  // namespace

TEST_SUITE("adapter/outgoing question") {
    TEST_CASE("a question is one card, which settles the event, and is remembered with it") {
        const auto plan = plan_of(question_of("**Ship it?**", ship_it), cards());
        CHECK(shown_parts(plan, cards()) ==
              std::vector<std::string>{"Ship it?\n[Approve]\n[Refuse]"});
        CHECK(plan.message.parts.at(0).preview == "Ship it? [Approve] [Refuse]");
        CHECK(plan.message.settles == 17);
        REQUIRE(plan.asked);
        CHECK(plan.asked->task_id == "hermes-en-00ff");
        CHECK(plan.asked->question.id == "approve-7");
        CHECK(plan.asked->chat == "ww2:alice");
        CHECK(plan.asked->asked_in == "17");
    }

    TEST_CASE("what has no question is not remembered") {
        auto message = question_of("hello", ship_it);
        message.question.reset();
        CHECK_FALSE(plan_of(message, cards()).asked);
    }

    TEST_CASE("a long text goes before its card, whole and split as any") {
        const std::string report(3000, 'x');
        const auto plan = plan_of(question_of(report + "\n\n可以发布吗？", ship_it), cards());
        const auto texts = shown_parts(plan, cards());
        REQUIRE(texts.size() == 3);
        CHECK(texts[0].starts_with("(1/2)\nxxx"));
        CHECK(texts[1].ends_with("可以发布吗？"));
        CHECK(texts[2] == "请选择\n可以发布吗？\n[Approve]\n[Refuse]");
    }

    TEST_CASE("labels that a card would cut are numbered lines before it") {
        const std::string label(100, 'y');
        const auto plan =
            plan_of(question_of("Which?", {"q", {{"a", label}, {"b", "No"}}}), cards());
        const auto texts = shown_parts(plan, cards());
        REQUIRE(texts.size() == 2);
        CHECK(texts[0] == "1. " + label + "\n2. No");
        CHECK(texts[1].starts_with("Which?\n[yyy"));
    }

    TEST_CASE("where the app says so, choices are numbered lines in the same message") {
        const auto plan = plan_of(question_of("Ship it?", ship_it), numbers());
        CHECK(shown_parts(plan, numbers()) ==
              std::vector<std::string>{
                  "Ship it?\n\n1. Approve\n2. Refuse\n\nReply with the number."});
        REQUIRE(plan.asked);
        CHECK(plan.asked->chat == "ww2:alice");
        const auto chinese = plan_of(question_of("可以发布吗？", ship_it), numbers());
        CHECK(shown_parts(chinese, numbers()).at(0).ends_with("请回复编号。"));
    }

    TEST_CASE("a question in numbered lines names the part that asks it, and a card none") {
        for (const auto* text : {"x", "问"}) {
            const auto message = question_of(text + std::string(2040, 'x'), ship_it);
            std::vector<OutgoingFile> files;
            files.push_back(markdown_file("notes", "# Notes"));
            auto result = plan_outgoing(message, std::move(files), numbers(), question_context());
            REQUIRE(std::holds_alternative<PlannedMessage>(result));
            const auto& plan = std::get<PlannedMessage>(result);
            REQUIRE(plan.message.parts.size() == 3);
            REQUIRE(plan.asked);
            CHECK(plan.asked->awaits == name_of_part(plan.message.parts[1].payload));
            CHECK(asks_for_number(plan.message.parts[1].payload));
            CHECK_FALSE(asks_for_number(plan.message.parts[0].payload));
        }
        CHECK(plan_of(question_of("Ship it?", ship_it), cards()).asked->awaits.empty());
    }

    TEST_CASE("numbered lines that do not fit behind the text are a message of their own") {
        const auto plan = plan_of(question_of(std::string(2040, 'x'), ship_it), numbers());
        CHECK(shown_parts(plan, numbers()) ==
              std::vector<std::string>{std::string(2040, 'x'),
                                       "1. Approve\n2. Refuse\n\nReply with the number."});
    }

    TEST_CASE("what a shortened answer asks is read with the choices, by card and by number") {
        std::string report;
        for (int n = 0; n < 400; ++n) {
            report +=
                "A paragraph of the report, number " + std::to_string(n) + ", as they are.\n\n";
        }
        const std::string asks = "Shall all of it be kept? " + std::string(200, 'w');
        const auto numbered = plan_of(question_of(report + "\n\n" + asks, ship_it), numbers());
        const auto lines = shown_parts(numbered, numbers());
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].ends_with("as they are.\n\n(The whole answer is in the file below.)"));
        CHECK(lines[1] == asks + "\n\n1. Approve\n2. Refuse\n\nReply with the number.");
        REQUIRE(numbered.files.size() == 1);
        const auto carded = plan_of(question_of(report + asks, ship_it), cards());
        const auto texts = shown_parts(carded, cards());
        REQUIRE(texts.size() == 4);
        CHECK(texts[1] == asks);
        CHECK(texts[3] == "Please choose\n[Approve]\n[Refuse]");
    }

    TEST_CASE("the files of a question go before its card") {
        std::vector<OutgoingFile> files;
        files.push_back(markdown_file("report", "all is well"));
        auto result = plan_outgoing(question_of("Ship it?", ship_it), std::move(files), cards(),
                                    question_context());
        REQUIRE(std::holds_alternative<PlannedMessage>(result));
        const auto& plan = std::get<PlannedMessage>(result);
        REQUIRE(plan.message.parts.size() == 2);
        CHECK(plan.files.at(0).part == 0);
        CHECK(letter_words(cards()).read_part(plan.message.parts[1].payload) ==
              "Ship it?\n[Approve]\n[Refuse]");
    }

    TEST_CASE("a question to many at once is refused, since nobody's answer would be the answer") {
        auto message = question_of("Ship it?", ship_it);
        message.reply_to.reset();
        message.chat = {"ww2:party/7"};
        auto settings = test::three_apps_json();
        settings["broadcast"] = true;
        auto context = question_context();
        context.answered_account = std::string();
        const auto result = plan_outgoing(message, {}, test::wecom_settings(settings), context);
        REQUIRE(std::holds_alternative<SendResult>(result));
        CHECK(std::get<SendResult>(result).error == SendError::invalid);
        CHECK(std::get<SendResult>(result).detail ==
              "a question is put to one member, and ww2:party/7 names many");
    }

    TEST_CASE("a character that Markdown writes as a number does not spoil the card") {
        const auto plan = plan_of(question_of("Ship&#7; it?", ship_it), cards());
        CHECK(shown_parts(plan, cards()) ==
              std::vector<std::string>{"Ship it?\n[Approve]\n[Refuse]"});
    }

    TEST_CASE(
        "a question that asks nothing is refused, and its choices are kept for the operator") {
        const auto message = question_of("", ship_it);
        CHECK(std::holds_alternative<SendResult>(
            plan_outgoing(message, {}, cards(), question_context())));
        CHECK(text_for_letter(message) == "1. Approve\n2. Refuse");
    }

    TEST_CASE("what can't be asked is refused as a whole, whatever its chat, in a sentence") {
        auto message = question_of("Which?", {"q", {{"a", "Yes"}, {"a", "No"}}});
        message.chat = {"no such chat"};
        const auto result = plan_outgoing(message, {}, cards(), question_context());
        REQUIRE(std::holds_alternative<SendResult>(result));
        CHECK(std::get<SendResult>(result).error == SendError::invalid);
        CHECK_FALSE(std::get<SendResult>(result).retryable);
        CHECK(std::get<SendResult>(result).detail == "two choices have the id \"a\"");
    }
}

}  // namespace hermes::wecom
