#include "plugin_check/plugin_check.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "plugin_check/exported_symbols.hpp"
#include "plugin_check/isolated.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using Outcome = CheckResult::Outcome;

namespace {

std::filesystem::path bad_plugin(const std::string& name) {
    return std::filesystem::path(HERMES_BAD_PLUGINS) / ("lib" + name + ".so");
}

hermes::PlatformSettings one_setting(const std::string& key, std::int64_t value) {
    hermes::PlatformSettings settings;
    settings.values.emplace(key, value);
    return settings;
}

// "name: detail" of each check that failed, of all or of one.
std::vector<std::string> failures(const std::string& fault, const std::string& only = "") {
    std::vector<std::string> lines;
    check_plugin({bad_plugin(fault), one_setting("depth", 3), only},
                 [&](const CheckResult& result) {
                     if (result.outcome == Outcome::failed) {
                         lines.push_back(result.name + ": " + result.detail);
                     }
                 });
    return lines;
}

CheckResult isolated(const Check& check) {
    return run_isolated("it", check, std::chrono::seconds(20));
}

struct Expected {
    const char* fault;
    const char* line;
};

// Each fault and the check that is there to find it.
constexpr std::array expectations{
    Expected{"wrong_tag", "is a plugin for this host: "},
    Expected{"bad_default", "describes its settings: depth has a default that is not of its type"},
    Expected{"default_out_of_bounds",
             "describes its settings: depth has a default that it does not allow: expected 1 to "
             "2"},
    Expected{"default_no_choice",
             "describes its settings: colour has a default that it does not allow: expected green "
             "or blue"},
    Expected{"choices_on_boolean",
             "describes its settings: colour has choices, but is neither string nor string_list"},
    Expected{"bounds_on_string",
             "describes its settings: colour has bounds, but is neither integer nor duration"},
    Expected{"bounds_crossed",
             "describes its settings: depth allows no value: its low is above its high"},
    Expected{"no_choice", "describes its settings: colour has choices, but none to choose"},
    Expected{"same_choice_twice", "describes its settings: colour has the same choice twice"},
    Expected{"check_accepts_garbage",
             "answers garbage for settings with sentences: check finds nothing wrong "
             "with texts of a wrong type"},
    Expected{"check_crashes", "answers garbage for settings with sentences: crashed: Aborted"},
    Expected{"create_throws_foreign",
             "refuses wrong settings with std::runtime_error: create threw something that is no "
             "std::runtime_error"},
    Expected{"create_throws_derived",
             "refuses wrong settings with std::runtime_error: create threw a class derived from "
             "std::runtime_error: its code would be gone after unloading"},
    Expected{"create_starts_thread", "can be created and destroyed: create started a thread"},
    Expected{"start_throws_derived",
             "survives a start that fails: start threw a class derived from std::runtime_error: "
             "its code would be gone after unloading"},
    Expected{"second_stop_crashes", "starts, and can be stopped twice: crashed: Aborted"},
    Expected{"leaks_thread",
             "leaves no thread and no file behind: stop returned with a thread left running"},
    Expected{"leaks_file", "leaves no thread and no file behind: 1 file descriptors are left open"},
    Expected{"calls_host_after_stop",
             "calls nothing of the host after stop: the adapter called its host after stop had "
             "returned"},
    Expected{"forgets_handler", "completes each send exactly once: a handler was never called"},
    Expected{"calls_handler_twice", "completes each send exactly once: a handler was called twice"},
    Expected{"calls_handler_in_send",
             "completes each send exactly once: a handler was called from inside send"},
    Expected{"keeps_handler",
             "completes each send exactly once: stop returned with 200 handlers not destroyed"},
    Expected{"ignores_send_after_stop",
             "refuses to send before start and after stop: send after stop did not call its "
             "handler at once"},
    Expected{"asks_host_after_stop",
             "calls nothing of the host after stop: the adapter called its host after stop had "
             "returned"},
    Expected{"begin_throws", "begins nothing before start and after stop: crashed: Aborted"},
    Expected{"begins_before_start",
             "begins nothing before start and after stop: begin is true before start"},
    Expected{"begins_after_stop",
             "begins nothing before start and after stop: begin is true after stop"},
    Expected{"begins_foreign_event",
             "begins nothing that it did not hand over: begin is true for an event that was never "
             "handed over"},
    Expected{"begin_crashes_on_odd_id",
             "begins nothing that it did not hand over: crashed: Aborted"},
    Expected{"begins_nothing",
             "begins an event until it is settled: begin is false for an event that is open"},
    Expected{"begins_once",
             "begins an event until it is settled: begin is false when it is called again"},
    Expected{"begins_settled_event",
             "begins an event until it is settled: begin is true for an event that is settled"},
    Expected{"begin_outlasts_stop",
             "lets stop end what waits in begin: begin still waits although stop has returned"},
    Expected{"stop_waits_for_begin",
             "lets stop end what waits in begin: stop waits for a begin that waits"},
    Expected{"loses_charge",
             "charges an attempt that ended with the process, and no other: an attempt that ended "
             "with the process is not charged"},
    Expected{"keeps_charge_at_stop",
             "charges an attempt that ended with the process, and no other: an attempt that a stop "
             "ended is charged"},
    Expected{"hides_redelivery",
             "charges an attempt that ended with the process, and no other: an event that was "
             "begun is not told as redelivered"},
    Expected{"shows_other_code",
             "shows each dead letter: it shows a dead letter with another code than it lists it "
             "with"},
    Expected{"retry_all_throws",
             "retries all dead letters that fit, and no other: retry_all threw: not today"},
    Expected{"retry_all_throws_derived",
             "retries all dead letters that fit, and no other: retry_all threw a class derived "
             "from std::runtime_error: its code would be gone after unloading"},
    Expected{"retry_all_counts_nothing",
             "lets its state be inspected: it retries dead letters of a new state"},
    Expected{"retry_all_miscounts",
             "retries all dead letters that fit, and no other: retry_all returned 1 for 2 dead "
             "letters put back"},
    Expected{"retry_all_ignores_account",
             "retries all dead letters that fit, and no other: retry_all ignores the account of "
             "its filter"},
    Expected{"retry_all_ignores_since",
             "retries all dead letters that fit, and no other: retry_all ignores the time of its "
             "filter"},
    Expected{"retry_all_ignores_code",
             "retries all dead letters that fit, and no other: retry_all ignores the code of its "
             "filter"},
    Expected{"retry_all_looks_for_code_0",
             "retries all dead letters that fit, and no other: retry_all leaves a dead letter that "
             "fits its filter"},
    Expected{"retry_all_leaves_some",
             "retries all dead letters that fit, and no other: retry_all leaves a dead letter that "
             "fits its filter"},
    Expected{
        "drops_attachment",
        "refuses attachments and choices that it can't deliver: a message with an image, which "
        "it can't deliver, is not refused as invalid"},
    Expected{"drops_question",
             "refuses attachments and choices that it can't deliver: a message with a question, "
             "which it can't deliver, is not refused as invalid"},
    Expected{"refuses_without_sentence",
             "refuses attachments and choices that it can't deliver: a message with an image is "
             "refused without a sentence of one line"},
    Expected{"attachment_without_bytes",
             "has constant capabilities: a kind of attachment is there twice, is no file, or may "
             "have no byte"},
    Expected{"attachments_disagree",
             "has constant capabilities: attachments_max and attachments_out disagree on whether "
             "there may be any"},
    Expected{"needs_trace", "works for a host that offers nothing: crashed: Aborted"},
    Expected{"step_without_sentence",
             "traces the steps of what it hands over: a step has no sentence of one line"},
    Expected{"step_of_other_event",
             "traces the steps of what it hands over: a step hands over an event that the host was "
             "not given"},
    Expected{"traces_after_stop",
             "calls nothing of the host after stop: the adapter called its host after stop had "
             "returned"},
    Expected{"answers_every_name",
             "offers no extension under a name that there is not: it offers something as ``"},
    Expected{"adapter_answers_every_name",
             "has an adapter that offers none either: it offers something as ``"},
    Expected{"changes_extension",
             "offers extensions that are complete: hermes.state/1 is another one each time"},
    Expected{"state_without_inspect",
             "offers extensions that are complete: hermes.state/1 has no inspect"},
    Expected{"examine_throws_derived",
             "examines its set-up: examine threw a class derived from std::runtime_error: its code "
             "would be gone after unloading"},
    Expected{"examine_on_another_thread",
             "examines its set-up: it tells a finding on a thread of its own"},
    Expected{"examine_keeps_found",
             "examines its set-up: it keeps what it was given after it has returned"},
    Expected{"finding_without_sentence",
             "examines its set-up: a finding has no subject, or no sentence of one line"},
    Expected{"menu_without_remove",
             "offers extensions that are complete: hermes.menu/1 has no show, set or remove"},
    Expected{"menu_of_every_account",
             "refuses what is asked of an account that it has not: show took an account that there "
             "is not"},
    Expected{"menu_throws_derived",
             "refuses what is asked of an account that it has not: show threw a class derived from "
             "std::runtime_error: its code would be gone after unloading"},
    Expected{"arrivals_keep_report",
             "watches what arrives: it keeps what it was given after its end"},
    Expected{"guide_asks_unknown_setting",
             "guides through a set-up in both languages: it asks for width, which is no setting"},
    Expected{"backup_overwrites",
             "overwrites nothing with a backup: back_up took a file that was there"},
    Expected{"changes_capabilities", "has constant capabilities: they change"},
    Expected{"stays_in_memory",
             "is gone from memory after each of 50 rounds: it is still in memory after unloading, "
             "in round 1"},
};

}  // namespace

TEST_SUITE("host_stub/plugin_check") {
    TEST_CASE("a minimal plugin that keeps the contract passes every check") {
        CHECK(failures("none") == std::vector<std::string>{});
    }

    TEST_CASE("each fault is found by the check that is there for it") {
        for (const auto& [fault, line] : expectations) {
            INFO("fault: " << std::string(fault));
            const std::string expected = line;
            const auto found = failures(fault, expected.substr(0, expected.find(": ")));
            REQUIRE(found.size() == 1);
            CHECK(found.front().starts_with(expected));
        }
    }

    TEST_CASE("a plugin that can't be loaded is not checked further") {
        const auto results = check_plugin({bad_plugin("no_symbol"), one_setting("depth", 3), ""},
                                          [](const CheckResult&) {});
        REQUIRE(results.size() > 2);
        CHECK(results[0].outcome == Outcome::failed);
        CHECK(results[0].detail ==
              "libno_symbol.so exports no hermes_plugin: it is not a platform plugin");
        CHECK(results[1].outcome == Outcome::skipped);
        CHECK(results[1].detail == "it can't be loaded");
    }

    TEST_CASE("without settings, or with wrong ones, only what needs none is checked") {
        const auto none = check_plugin({bad_plugin("none"), std::nullopt, ""}, [](const auto&) {});
        CHECK(none.back().outcome == Outcome::skipped);
        CHECK(none.back().detail == "it needs settings");
        const auto wrong =
            check_plugin({bad_plugin("none"), one_setting("x", 1), ""}, [](const auto&) {});
        CHECK(wrong.back().outcome == Outcome::skipped);
        CHECK(wrong.back().detail == "its settings are wrong");
    }
}

TEST_SUITE("host_stub/plugin_check/isolated") {
    TEST_CASE("a check passes by returning, or by saying so") {
        CHECK(isolated([](const Verdict&) {}).outcome == Outcome::passed);
        CHECK(isolated([](const Verdict& v) { v.passed(); }).outcome == Outcome::passed);
        CHECK(isolated([](const Verdict& v) { v.skipped("no need"); }).outcome == Outcome::skipped);
    }

    TEST_CASE("a check fails with its reason, in one line") {
        const auto result = isolated([](const Verdict& v) { v.failed("first\nsecond"); });
        CHECK(result.outcome == Outcome::failed);
        CHECK(result.detail == "first second");
    }

    TEST_CASE("an exception, a crash and an exit are failures") {
        CHECK(isolated([](const Verdict&) { throw std::runtime_error("oh"); }).detail ==
              "threw where nothing may be thrown: oh");
        CHECK(isolated([](const Verdict&) { throw 42; }).detail ==
              "threw something that is no std::exception");
        CHECK(isolated([](const Verdict&) { std::abort(); }).detail == "crashed: Aborted");
        CHECK(isolated([](const Verdict&) { std::_Exit(3); }).detail ==
              "ended the process with status 3");
    }

    TEST_CASE("a check that does not come to an end is ended") {
        const auto result = run_isolated(
            "it",
            [](const Verdict&) {
                for (;;) {
                    ::pause();
                }
            },
            std::chrono::seconds(1));
        CHECK(result.outcome == Outcome::failed);
        CHECK(result.detail == "did not come to an end within 1 s");
    }
}

TEST_SUITE("host_stub/plugin_check/exported_symbols") {
    TEST_CASE("what a library exports is read from its file") {
        CHECK(exported_symbols(bad_plugin("no_symbol")) ==
              std::vector<std::string>{"something_else"});
        CHECK(exported_symbols(HERMES_ECHO_PLATFORM) == std::vector<std::string>{"hermes_plugin"});
        CHECK(exported_symbols(bad_plugin("stays_in_memory")).size() > 1);
    }

    TEST_CASE("a file that is no library is refused, however it is cut") {
        const hermes::test::TempDirectory folder;
        std::ifstream in(HERMES_ECHO_PLATFORM, std::ios::binary);
        std::string bytes(4096, '\0');
        in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{4096}}) {
            std::ofstream(folder.path() / "x.so", std::ios::binary) << bytes.substr(0, size);
            CHECK_THROWS_WITH_AS(exported_symbols(folder.path() / "x.so"),
                                 "x.so is no 64-bit ELF library", std::runtime_error);
        }
    }
}
