#include "simulator/scenario/scenario_writer.hpp"

#include <doctest/doctest.h>

#include "simulator/page_server/sha256.hpp"
#include "simulator/scenario/scenario_reader.hpp"

namespace hermes::host::simulator {

namespace {

using Act = ScenarioStep::Kind;

base::WallTime second(int count) {
    return base::WallTime() + std::chrono::seconds(count);
}

ChatEntry wrote(int at, std::string content, std::string type = "text") {
    ChatEntry entry{.number = static_cast<std::uint64_t>(at)};
    entry.from = ChatEntry::From::member;
    entry.at = second(at);
    entry.app = "hr";
    entry.user_id = "alice";
    entry.type = std::move(type);
    entry.content = std::move(content);
    entry.state = EntryState::acknowledged;
    return entry;
}

ChatEntry answered(int at, std::string content, EntryState state = EntryState::delivered) {
    auto entry = wrote(at, std::move(content));
    entry.from = ChatEntry::From::app;
    entry.state = state;
    entry.answers = 1;
    return entry;
}

ChatEntry unheard(ChatEntry entry) {
    entry.state = EntryState::failed;
    return entry;
}

ChatEntry sent(int at, std::string media_id, std::string type) {
    auto entry = wrote(at, "[" + type + "]", std::move(type));
    entry.media_id = std::move(media_id);
    return entry;
}

std::optional<Media> media_of_test(const std::string& media_id) {
    if (media_id == "nameless") {
        return Media{.type = "voice", .file_name = "", .content_type = "", .bytes = "#!AMR\n"};
    }
    if (media_id == "evil") {
        return Media{
            .type = "file", .file_name = "../../x.txt", .content_type = "", .bytes = "evil bytes"};
    }
    if (media_id == "gone") {
        return std::nullopt;
    }
    return Media{.type = "image",
                 .file_name = "red.png",
                 .content_type = "image/png",
                 .bytes = "\x89PNG " + media_id};
}

WireStep step(int at, StepKind kind, int gateway = 0) {
    return {.at = second(at), .kind = kind, .gateway = gateway};
}

std::string steps_of(const Remembered& remembered) {
    const auto text = save_scenario(remembered, "hr", "alice").yaml;
    return text.substr(text.find("steps:\n") + 7);
}

}  // namespace

TEST_SUITE("simulator/scenario_writer") {
    TEST_CASE("what was said is a step each, in the order of time, of that chat alone") {
        auto elsewhere = wrote(2, "elsewhere");
        elsewhere.app = "it";
        CHECK(steps_of({.entries = {wrote(1, "hello"), elsewhere, answered(3, "a\n\"b\"")}}) ==
              "  - write: \"hello\"\n  - expect: \"a\\n\\\"b\\\"\"\n");
    }

    TEST_CASE("what a member does is read from what the chat shows of it") {
        CHECK(
            steps_of(
                {.entries = {wrote(1, "[click: a: b]", "event"), wrote(2, "[enter_agent]", "event"),
                             wrote(3, "[card: Take it]", "event"), unheard(wrote(5, "hello?"))}}) ==
            "  - event: \"click\"\n    key: \"a: b\"\n"
            "  - event: \"enter_agent\"\n"
            "  - press: \"Take it\"\n"
            "  - write: \"hello?\"\n    acknowledged: false\n");
    }

    TEST_CASE("a press names its card where another one came after that") {
        const auto card = [](int at, const std::string& task) {
            auto entry =
                answered(at, R"({"task_id":")" + task + R"(","main_title":{"title":"Ship it?"}})");
            entry.type = "template_card";
            return entry;
        };
        const auto press = [](int at, const std::string& task) {
            auto entry = wrote(at, "[card: Yes]", "event");
            entry.message = std::make_shared<MemberMessage>(card_message({.task_id = task}, "Yes"));
            return entry;
        };
        const auto scenario =
            parse_scenario(save_scenario({.entries = {wrote(1, "ask"), card(2, "a"), card(3, "b"),
                                                      press(4, "a"), press(5, "b")}},
                                         "hr", "alice")
                               .yaml,
                           "a.yaml");
        REQUIRE(scenario.steps.size() == 5);
        CHECK(scenario.steps[3].card == 1);
        CHECK_FALSE(scenario.steps[4].card);
    }

    TEST_CASE("what nobody asked for is expected only if the gateway says it on its own") {
        auto welcome = answered(3, "Welcome!");
        auto notice = answered(5, "The office\nis closed.");
        welcome.answers = notice.answers = 0;
        auto attempt = step(2, StepKind::attempted);
        attempt.app = "hr";
        attempt.user_id = "alice";
        attempt.is_unprompted = true;
        CHECK(steps_of({.entries = {wrote(1, "[enter_agent]", "event"), welcome, notice},
                        .steps = {attempt}}) ==
              "  - event: \"enter_agent\"\n  - expect: \"Welcome!\"\n"
              "  # not expected, since nobody asked for it: \"The office\\nis closed.\"\n");
    }

    TEST_CASE("what the member did not see is not expected, and what has no word is a comment") {
        CHECK(steps_of({.entries = {wrote(1, "[voice]", "voice"),
                                    answered(2, "twice", EntryState::suppressed),
                                    answered(3, "taken back", EntryState::recalled)}}) ==
              "  # not played: voice\n  - expect: \"taken back\"\n");
    }

    TEST_CASE("places and links are saved with all that they have") {
        auto place = wrote(1, "[location: here]", "location");
        place.message =
            std::make_shared<MemberMessage>(location_message("23.1", "113.3", "Canton \"Tower\""));
        auto link = wrote(2, "[link: a]", "link");
        link.message =
            std::make_shared<MemberMessage>(link_message("a", "of use", "https://example.com/a"));
        const auto scenario =
            parse_scenario(save_scenario({.entries = {place, link}}, "hr", "alice").yaml, "a.yaml");
        REQUIRE(scenario.steps.size() == 2);
        CHECK(scenario.steps[0].kind == Act::send_location);
        CHECK(scenario.steps[0].text == "Canton \"Tower\"");
        CHECK(scenario.steps[0].latitude == "23.1");
        CHECK(scenario.steps[0].longitude == "113.3");
        CHECK(scenario.steps[1].kind == Act::send_link);
        CHECK(scenario.steps[1].text == "https://example.com/a");
        CHECK(scenario.steps[1].title == "a");
        CHECK(scenario.steps[1].description == "of use");
    }

    TEST_CASE(
        "what a member scanned, and the place that they chose for a menu, are saved with it") {
        auto code = wrote(1, "[scancode_waitmsg: stock]", "event");
        code.message = std::make_shared<MemberMessage>(
            scan_message("scancode_waitmsg", "stock", "asset: 4711"));
        auto place = wrote(2, "[location_select: where]", "event");
        place.message =
            std::make_shared<MemberMessage>(chosen_place("where", "23.1", "113.3", "Tower"));
        const auto scenario =
            parse_scenario(save_scenario({.entries = {code, place}}, "hr", "alice").yaml, "a.yaml");
        REQUIRE(scenario.steps.size() == 2);
        CHECK(scenario.steps[0].kind == Act::event);
        CHECK(scenario.steps[0].text == "scancode_waitmsg");
        CHECK(scenario.steps[0].event_key == "stock");
        CHECK(scenario.steps[0].scanned == "asset: 4711");
        CHECK(scenario.steps[1].text == "location_select");
        CHECK(scenario.steps[1].event_key == "where");
        CHECK(scenario.steps[1].latitude == "23.1");
        CHECK(scenario.steps[1].longitude == "113.3");
        CHECK(scenario.steps[1].label == "Tower");
    }

    TEST_CASE("files that were sent lie beside it once each, and keep their names") {
        const auto saved = save_scenario(
            {.entries = {sent(1, "one", "image"), sent(2, "two", "image"), sent(3, "one", "image"),
                         sent(4, "nameless", "voice"), sent(5, "evil", "file")},
             .media = media_of_test},
            "hr", "alice");
        CHECK(saved.files == std::vector<ArchivedFile>{{"hr-alice/red.png", "\x89PNG one"},
                                                       {"hr-alice/2/red.png", "\x89PNG two"},
                                                       {"hr-alice/voice.amr", "#!AMR\n"},
                                                       {"hr-alice/_.._x.txt", "evil bytes"}});
        const auto scenario = parse_scenario(saved.yaml, "a.yaml");
        REQUIRE(scenario.steps.size() == 5);
        CHECK(scenario.steps[1].media == "image");
        CHECK(scenario.steps[1].text == "hr-alice/2/red.png");
        CHECK(scenario.steps[2].text == "hr-alice/red.png");
        CHECK(scenario.steps[1].name.empty());
        CHECK(scenario.steps[3].name.empty());
        CHECK(scenario.steps[4].media == "file");
        CHECK(scenario.steps[4].name == "../../x.txt");
        const auto download = download_of(saved, second(5));
        CHECK(download.file_name == "hr-alice.tar");
        CHECK(download.bytes.size() % 512 == 0);
        CHECK(download_of({.name = "hr-alice", .yaml = "steps:"}, second(5)).file_name ==
              "hr-alice.yaml");
    }

    TEST_CASE("a file that the simulator has no more is a comment") {
        CHECK(steps_of({.entries = {sent(1, "gone", "image"), wrote(2, "hello")},
                        .media = media_of_test}) ==
              "  # not played: image\n  - write: \"hello\"\n");
    }

    TEST_CASE("a file that came is expected by its kind, its name and what it holds") {
        auto chart = answered(2, "red.png");
        chart.type = "image";
        chart.media_id = "one";
        const auto scenario = parse_scenario(
            save_scenario({.entries = {wrote(1, "draw"), chart}, .media = media_of_test}, "hr",
                          "alice")
                .yaml,
            "a.yaml");
        REQUIRE(scenario.steps.size() == 2);
        CHECK(scenario.steps[1].kind == Act::expect_file);
        CHECK(scenario.steps[1].media == "image");
        CHECK(scenario.steps[1].text == "red.png");
        CHECK(scenario.steps[1].sha256 == sha256_of("\x89PNG one"));
    }

    TEST_CASE("what broke stands where it broke, up to the last message") {
        CHECK(steps_of(
                  {.entries = {wrote(2, "one"), answered(7, "two")},
                   .steps = {step(1, StepKind::gateway_started), step(3, StepKind::outage_began),
                             step(4, StepKind::gateway_ended), step(5, StepKind::gateway_started),
                             step(6, StepKind::outage_ended), step(8, StepKind::gateway_ended)},
                   .faults = {{second(1), {.kind = Act::add_fault, .text = "busy", .times = 2}},
                              {second(6), {.kind = Act::clear_faults}}}}) ==
              "  - fault: \"busy\"\n    times: 2\n"
              "  - write: \"one\"\n"
              "  - api: down\n"
              "  - gateway: kill\n"
              "  - gateway: restart\n"
              "  - api: up\n"
              "  - faults: clear\n"
              "  - expect: \"two\"\n");
    }

    TEST_CASE("of what was before the chat only what was still the case is told") {
        CHECK(
            steps_of(
                {.entries = {wrote(6, "one")},
                 .steps = {step(1, StepKind::gateway_started), step(2, StepKind::gateway_ended),
                           step(3, StepKind::gateway_started), step(4, StepKind::outage_began)}}) ==
            "  - api: down\n  - write: \"one\"\n");
        CHECK(steps_of({.entries = {unheard(wrote(3, "one"))},
                        .steps = {step(1, StepKind::gateway_started),
                                  step(2, StepKind::gateway_ended)}}) ==
              "  - gateway: kill\n  - write: \"one\"\n    acknowledged: false\n");
    }

    TEST_CASE("of several gateways the end is told when none is left") {
        using enum StepKind;
        CHECK(steps_of({.entries = {wrote(4, "one"), wrote(8, "two"), wrote(10, "three")},
                        .steps = {step(1, gateway_started), step(1, gateway_started, 1),
                                  step(2, gateway_started, 2), step(3, gateway_ended, 2),
                                  step(3, gateway_started, 2), step(5, gateway_ended, 1),
                                  step(6, gateway_started, 1), step(7, gateway_ended, 2),
                                  step(9, gateway_ended, 1), step(9, gateway_started, 2)}}) ==
              "  - write: \"one\"\n"
              "  # not played: the end of gateway 1, while others went on\n"
              "  # not played: the end of gateway 2, while others went on\n"
              "  - write: \"two\"\n"
              "  - gateway: kill\n"
              "  - gateway: restart\n"
              "  - write: \"three\"\n");
    }

    TEST_CASE("an answer may take three times as long as the longest did") {
        const auto answer = answered(21, "at last");
        const auto scenario = parse_scenario(
            save_scenario({.entries = {wrote(1, "hello"), answer}}, "hr", "alice").yaml, "a.yaml");
        REQUIRE(scenario.steps.size() == 2);
        CHECK(scenario.steps[1].app == "hr");
        CHECK(scenario.steps[1].user_id == "alice");
        CHECK(scenario.steps[1].text == "at last");
        CHECK(scenario.steps[1].within == std::chrono::seconds(60));
    }
}

}  // namespace hermes::host::simulator
