#include "simulator/scenario/scenario_reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "output/exit_code.hpp"

namespace hermes::host::simulator {

namespace {

using Act = ScenarioStep::Kind;

ScenarioStep only_step(const std::string& step) {
    const auto scenario = parse_scenario("app: hr\nas: alice\nsteps:\n  - " + step, "a.yaml");
    REQUIRE(scenario.steps.size() == 1);
    return scenario.steps.front();
}

Act kind_of(const std::string& step) {
    return only_step(step).kind;
}

std::string complaint(const std::string& text) {
    try {
        parse_scenario(text, "a.yaml");
    } catch (const UsageError& problem) {
        return problem.what();
    }
    return "none";
}

std::string step_complaint(const std::string& step) {
    return complaint("app: hr\nas: alice\nsteps:\n  - " + step);
}

}  // namespace

TEST_SUITE("simulator/scenario_reader") {
    TEST_CASE("who writes to which app stands at the top, and a step may say otherwise") {
        const auto scenario = parse_scenario(
            "app: hr\nas: alice\nwithin: 20\nsteps:\n"
            "  - write: hello\n"
            "  - expect: hello\n"
            "    app: it\n"
            "    as: bob\n"
            "    within: 30\n",
            "a.yaml");
        REQUIRE(scenario.steps.size() == 2);
        const auto& first = scenario.steps[0];
        CHECK(first.app == "hr");
        CHECK(first.user_id == "alice");
        CHECK(first.text == "hello");
        CHECK(first.within == std::chrono::seconds(20));
        const auto& second = scenario.steps[1];
        CHECK(second.app == "it");
        CHECK(second.user_id == "bob");
        CHECK(second.within == std::chrono::seconds(30));
        CHECK(place_of(scenario, second) == "a.yaml, line 6");
    }

    TEST_CASE("every kind of step has its word") {
        CHECK(kind_of("write: hello") == Act::write);
        CHECK(kind_of("file: notes.txt") == Act::send_file);
        CHECK(only_step("{event: click, key: approve}").event_key == "approve");
        CHECK(only_step("{event: scancode_push, key: k, scanned: '4711'}").scanned == "4711");
        CHECK(only_step("{event: location_select, latitude: 23.1, longitude: 113.3, label: here}")
                  .label == "here");
        CHECK(only_step("image: red.png").media == "image");
        CHECK(kind_of("voice: hm.amr") == Act::send_file);
        CHECK(only_step("video: cat.mp4").media == "video");
        CHECK(only_step("file: notes.txt").media == "file");
        CHECK(kind_of("{location: here, latitude: 23.1, longitude: -113}") == Act::send_location);
        CHECK(only_step("{link: 'https://example.com', title: a}").title == "a");
        CHECK(kind_of("press: Take it") == Act::press);
        CHECK(only_step("{press: Take it, card: 2}").card == 2);
        CHECK(only_step("{file: notes.txt, name: 'notes?.txt'}").name == "notes?.txt");
        CHECK(kind_of("expect: hello") == Act::expect);
        CHECK(kind_of("expect_match: ^hel+o$") == Act::expect_match);
        CHECK(kind_of("expect_image: chart.png") == Act::expect_file);
        CHECK(only_step("{expect_voice: hm.amr, bytes: 12}").bytes == std::size_t{12});
        CHECK(only_step("expect_video: cat.mp4").media == "video");
        CHECK(only_step("{expect_file: a.txt, sha256: " + std::string(64, 'a') + "}").sha256 ==
              std::string(64, 'a'));
        CHECK(kind_of("await: agent_begun") == Act::await);
        CHECK(only_step("{fault: busy, times: 2}").times == 2);
        CHECK(kind_of("faults: clear") == Act::clear_faults);
        CHECK(kind_of("api: down") == Act::begin_outage);
        CHECK(kind_of("api: up") == Act::end_outage);
        CHECK(kind_of("token: revoke") == Act::revoke_token);
        CHECK(kind_of("gateway: kill") == Act::kill_gateway);
        CHECK(kind_of("gateway: restart") == Act::restart_gateway);
        CHECK(only_step("write: hello").is_acknowledged);
        CHECK_FALSE(only_step("{write: hello, acknowledged: false}").is_acknowledged);
    }

    TEST_CASE("what is wrong is one sentence with the line") {
        CHECK(complaint("hello") == "a.yaml, line 1: a scenario is a map with the key steps");
        CHECK(complaint("app: hr\n") == "a.yaml, line 1: steps is a list of what happens");
        CHECK(complaint("steps: [\n\n").starts_with("a.yaml, line "));
        CHECK(complaint("steps: []\nstps: []\n") ==
              "a.yaml, line 2: the key stps is not known here");
        CHECK(step_complaint("hello") ==
              "a.yaml, line 4: a step is a map, such as \"write: hello\"");
        CHECK(step_complaint("writ: hello") ==
              "a.yaml, line 4: nothing in this step says what it does, such as \"write: hello\"");
        CHECK(step_complaint("write: a\n    write: b") ==
              "a.yaml, line 5: the key write is given twice");
        CHECK(step_complaint("write: a\n    expect: b") ==
              "a.yaml, line 5: a step does one thing: write and expect are two");
        CHECK(step_complaint("write: a\n    times: 2") ==
              "a.yaml, line 5: the key times is not known here");
        CHECK(step_complaint("gateway: stop") == "a.yaml, line 4: gateway can't be \"stop\"");
        CHECK(step_complaint("write: [a]") == "a.yaml, line 4: write is a text");
    }

    TEST_CASE("what there can't be is said before anything is played") {
        CHECK(step_complaint("fault: earthquake") ==
              "a.yaml, line 4: there is no fault \"earthquake\"");
        CHECK(step_complaint("await: tea") ==
              "a.yaml, line 4: there is no step of the wire \"tea\"");
        CHECK(step_complaint("expect_match: (") ==
              "a.yaml, line 4: \"(\" is no regular expression");
        CHECK(step_complaint("{expect: a, within: soon}") ==
              "a.yaml, line 4: within is a number from 1 to 3600");
        CHECK(step_complaint("{fault: busy, times: 0}") ==
              "a.yaml, line 4: times is a number from 1 to 1000");
        CHECK(step_complaint("{write: a, acknowledged: perhaps}") ==
              "a.yaml, line 4: acknowledged is true or false");
        CHECK(step_complaint("{location: here, latitude: 91, longitude: 1}") ==
              "a.yaml, line 4: a location has a latitude, in degrees, such as 23.1");
        CHECK(step_complaint("{location: here, latitude: 1, longitude: east}") ==
              "a.yaml, line 4: a location has a longitude, in degrees, such as 23.1");
        CHECK(step_complaint("location: here") ==
              "a.yaml, line 4: a location has a latitude, in degrees, such as 23.1");
        CHECK(step_complaint("event: scancode_push") ==
              "a.yaml, line 4: what the code holds is to be in `scanned`");
        CHECK(step_complaint("{event: location_select, latitude: 1}") ==
              "a.yaml, line 4: a location has a longitude, in degrees, such as 23.1");
        CHECK(step_complaint("link: 'https://example.com'") ==
              "a.yaml, line 4: a link has a title");
        CHECK(step_complaint("{expect_file: a, sha256: abc}") ==
              "a.yaml, line 4: sha256 has 64 digits, 0 to 9 and a to f");
        CHECK(step_complaint("{expect_file: a, bytes: many}") ==
              "a.yaml, line 4: bytes is a number from 1 to 20000000");
        CHECK(step_complaint("{expect: a, sha256: abc}") ==
              "a.yaml, line 4: the key sha256 is not known here");
        CHECK(complaint("as: alice\nsteps:\n  - write: a") ==
              "a.yaml, line 3: no app is named, neither here nor at the top");
        CHECK(complaint("app: hr\nsteps:\n  - write: a") ==
              "a.yaml, line 3: nobody is named, neither by `as` here nor at the top");
    }

    TEST_CASE("what concerns no chat needs neither an app nor a member") {
        const auto scenario = parse_scenario("steps: [gateway: kill, api: down]", "a.yaml");
        CHECK(scenario.steps.size() == 2);
    }
}

}  // namespace hermes::host::simulator
