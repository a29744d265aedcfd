// What a simulator knows of the run before it.
#include "simulator/history.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "fake_gateway.hpp"
#include "simulator/past_json.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

const std::string bytes("\0\xff\xfe'\"\n", 6);

sim::ChatEntry press_entry() {
    sim::MemberMessage message = sim::card_message({.key = "y",
                                                    .task_id = "t-1",
                                                    .card_type = "vote_interaction",
                                                    .response_code = "code",
                                                    .question_key = "q",
                                                    .option_ids = {"a", "b"}},
                                                   "Yes");
    message.latitude = "31.2";
    message.scanned = "a code";
    return {.number = 7,
            .from = sim::ChatEntry::From::member,
            .at = base::from_unix_ms(1'790'000'000'123),
            .app = "hr",
            .user_id = "lisi",
            .type = "event",
            .content = "你好 " + bytes,
            .cut = true,
            .state = sim::EntryState::acknowledged,
            .attempts = 2,
            .acknowledged_after = std::chrono::milliseconds(31),
            .msgid = "m-1",
            .media_id = "a file",
            .answers = 3,
            .card_label = "Yes",
            .message = std::make_shared<const sim::MemberMessage>(std::move(message))};
}

sim::WireStep callback_step() {
    return {.sequence = 9,
            .at = base::from_unix_ms(1'790'000'000'456),
            .kind = sim::StepKind::callback_answered,
            .app = "hr",
            .user_id = "lisi",
            .event = "17",
            .entry = 7,
            .is_unprompted = true,
            .gateway = 2,
            .attempt = 3,
            .elapsed = std::chrono::milliseconds(12),
            .status = 200,
            .errcode = -1,
            .summary = "answered",
            .request = "POST " + bytes,
            .response = bytes,
            .plain = "<xml/>"};
}

}  // namespace

TEST_SUITE("simulator/history") {
    TEST_CASE("an entry and a step are told with all that is in them") {
        const auto told = sim::format_past(press_entry());
        const auto entry = sim::parse_past_entry(told);
        REQUIRE(entry);
        CHECK(sim::format_past(*entry) == told);
        CHECK(entry->content == "你好 " + bytes);
        CHECK(entry->acknowledged_after == std::chrono::milliseconds(31));
        REQUIRE(entry->message);
        CHECK(entry->message->kind == sim::MemberMessageKind::event);
        CHECK(entry->message->card.option_ids == std::vector<std::string>{"a", "b"});

        const auto told_step = sim::format_past(callback_step());
        const auto step = sim::parse_past_step(told_step);
        REQUIRE(step);
        CHECK(sim::format_past(*step) == told_step);
        CHECK(step->kind == sim::StepKind::callback_answered);
        CHECK(step->response == bytes);
        CHECK(step->event == "17");
    }

    TEST_CASE("what another version has told is read as far as it is known") {
        const auto step = sim::parse_past_step(
            R"({"sequence": 4, "kind": "of_tomorrow", "mood": [1], "status": "two", "app": "hr"})");
        REQUIRE(step);
        CHECK(step->sequence == 4);
        CHECK(step->app == "hr");
        CHECK(step->kind == sim::WireStep().kind);
        CHECK(step->status == 0);
        CHECK_FALSE(sim::parse_past_step("["));
        CHECK_FALSE(sim::parse_past_entry("7"));
    }

    TEST_CASE("what was kept is there again, in order, and an entry as it was last") {
        const TempDirectory folder;
        const auto file = folder.path() / "history.db";
        {
            sim::History history(file);
            CHECK(history.read().entries.empty());
            auto entry = press_entry();
            history.keep(entry);
            entry.number = 8;
            history.keep(entry);
            entry.number = 7;
            entry.state = sim::EntryState::failed;
            history.keep(entry);
            history.keep(callback_step());
            history.keep({{"hr", {{"button", "old"}}}, {"it", {{"button", "gone"}}}});
            history.keep({{"hr", {{"button", "new"}}}});
            history.keep("media-1", {.type = "image", .file_name = "a.png", .bytes = bytes});
        }
        CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        const auto past = sim::History(file).read();
        REQUIRE(past.entries.size() == 2);
        CHECK(past.entries[0].number == 7);
        CHECK(past.entries[0].state == sim::EntryState::failed);
        CHECK(past.entries[1].number == 8);
        REQUIRE(past.steps.size() == 1);
        CHECK(past.steps[0].request == "POST " + bytes);
        REQUIRE(past.media.size() == 1);
        CHECK(past.media[0].first == "media-1");
        CHECK(past.media[0].second.file_name == "a.png");
        CHECK(past.media[0].second.bytes == bytes);
        CHECK(past.menus ==
              std::map<std::string, boost::json::object>{{"hr", {{"button", "new"}}}});
    }

    TEST_CASE("a chat is shown from where it was, however much was said in another since") {
        const FakeGateway gateway;
        sim::Past past;
        for (std::uint64_t number = 1; number <= 6'000; ++number) {
            past.entries.push_back({.number = number,
                                    .app = "hr",
                                    .user_id = number <= 300 ? "lisi" : "zhangsan",
                                    .content = std::to_string(number)});
        }
        sim::WecomSimulator wecom(gateway.world());
        wecom.go_on_from(past);
        const auto entries = wecom.snapshot().entries;
        REQUIRE(entries.size() == 5'200);
        CHECK(entries.front().number == 101);
        CHECK(entries[199].user_id == "lisi");
        CHECK(entries[200].number == 1'001);
        CHECK(entries.back().number == 6'000);
    }

    TEST_CASE("a reply that an older version has seen arrive is not waited for") {
        const TempDirectory folder;
        const auto file = folder.path() / "history.db";
        {
            sim::History history(file);
            for (const std::uint64_t sequence : {1, 2, 3}) {
                history.keep(sim::WireStep{.sequence = sequence,
                                           .kind = sim::StepKind::delivered,
                                           .entry = sequence == 3 ? 0U : 7U});
            }
        }
        {
            soci::session sql(soci::sqlite3, "dbname=\"" + file.string() + '"');
            sql << "pragma user_version = 0";
        }
        for (int start = 0; start < 2; ++start) {
            const auto past = sim::History(file).read();
            REQUIRE(past.steps.size() == 3);
            CHECK(past.steps[0].kind == sim::StepKind::delivered);
            CHECK(past.steps[1].kind == sim::StepKind::accepted);
            CHECK(past.steps[2].kind == sim::StepKind::delivered);
        }
    }

    TEST_CASE("it grows to a limit, and the newest stay") {
        const TempDirectory folder;
        const auto file = folder.path() / "history.db";
        constexpr std::uint64_t kept = 20'000;
        {
            sim::History history(file);
            for (std::uint64_t number = 1; number <= kept + 700; ++number) {
                history.keep(sim::WireStep{.sequence = number});
            }
        }
        const auto steps = sim::History(file).read().steps;
        REQUIRE(steps.size() == kept);
        CHECK(steps.front().sequence == 701);
        CHECK(steps.back().sequence == kept + 700);
    }

    TEST_CASE("a second simulator in the same folder is told so, and one with a broken file, too") {
        const TempDirectory folder;
        const auto file = folder.path() / "history.db";
        {
            const sim::History first(file);
            CHECK_THROWS_WITH(sim::History{file},
                              (file.string() + ": another simulator works in this folder: give "
                                               "this one its own with --run-dir")
                                  .c_str());
        }
        CHECK_NOTHROW(sim::History{file});
        std::ofstream(file) << std::string(4096, 'x');
        try {
            const sim::History broken(file);
            FAIL("a file that is no database was opened");
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what())
                      .ends_with("; remove it, and the simulation begins "
                                 "anew"));
        }
    }

    TEST_CASE("a simulator goes on from what was: numbers, chats, files, and cards") {
        ManualClock clock;
        FakeGateway gateway;
        sim::Past past;
        past.entries = {
            {.number = 3,
             .from = sim::ChatEntry::From::member,
             .app = "hr",
             .user_id = "lisi",
             .state = sim::EntryState::sending},
            {.number = 4,
             .from = sim::ChatEntry::From::app,
             .app = "hr",
             .user_id = "lisi",
             .type = "template_card",
             .content = R"({"card_type":"button_interaction","task_id":"t-1",)"
                        R"("button_list":[{"text":"Yes","key":"y"}]})",
             .state = sim::EntryState::delivered,
             .msgid = "open"},
            {.number = 5, .from = sim::ChatEntry::From::member, .app = "gone", .user_id = "lisi"}};
        past.entries.push_back(past.entries[1]);
        past.entries[3].number = 6;
        past.entries[3].msgid = "closed";
        past.entries[3].card_label = "Yes";
        past.steps = {{.sequence = 11, .app = "hr", .user_id = "lisi", .entry = 3},
                      {.sequence = 12, .app = "gone"}};
        past.menus = {{"hr", {{"button", {}}}}, {"gone", {}}};
        past.media = {
            {"a-picture", {.type = "image", .bytes = "PNG", .stored_at = clock.clock()()}}};
        sim::WecomSimulator wecom(gateway.world(), {.clock = clock.clock()});
        wecom.go_on_from(past);
        wecom.start();

        const auto entries = wecom.entries();
        REQUIRE(entries.size() == 3);  // the one of an app that is gone is not shown
        CHECK(entries[0].state == sim::EntryState::failed);
        CHECK(wecom.steps().size() == 1);
        CHECK(wecom.media("a-picture")->bytes == "PNG");
        CHECK(wecom.menus() ==
              std::map<std::string, boost::json::object>{{"hr", {{"button", {}}}}});
        CHECK(wecom.press("hr", "lisi", "open", "Yes").acknowledged);
        CHECK_THROWS_AS(wecom.press("hr", "lisi", "closed", "Yes"), std::invalid_argument);
        CHECK(wecom.entries().back().number == 7);
        CHECK(wecom.steps(12).front().sequence == 13);
        wecom.verify_url("hr");
        CHECK(wecom.steps().back().kind == sim::StepKind::url_verified);
        CHECK(wecom.steps().back().entry == 0);  // it is of none of the messages from before
    }
}

}  // namespace hermes::test
