// The Chinese of the plugin and of the host, as a catalogue.
#include "support/chinese.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "api/command_call.hpp"
#include "protocol/api_error.hpp"
#include "said_sentences.hpp"
#include "support/places.hpp"

namespace hermes::wecom {
namespace {

using test::said_sentences;
using test::value_mark;

std::vector<Translation> everything() {
    auto rows = chinese::all_rows();
    for (const auto& row : host::chinese_rows()) {
        rows.push_back(row);
    }
    return rows;
}

std::size_t gaps_in(std::string_view english) {
    std::size_t gaps = 0;
    for (const auto* gap : {"{}", "{#}"}) {
        for (auto at = english.find(gap); at != english.npos; at = english.find(gap, at + 1)) {
            ++gaps;
        }
    }
    return gaps;
}

// Whether it is in Chinese for some value in its gaps, alone or after the key that it is about.
bool is_in_chinese(const std::string& sentence) {
    for (const std::string before : {"", "x1 ", "x1: "}) {
        for (const std::string value : {"x1", "1", "app x1", "apps[0] and apps[1]",
                                        "agents[0].accounts", "account a, chat c, event 1"}) {
            auto text = before + sentence;
            for (auto at = text.find(value_mark); value != value_mark && at != text.npos;
                 at = text.find(value_mark, at + value.size())) {
                text.replace(at, value_mark.size(), value);
            }
            if (test::left_in_english(text).empty()) {
                return true;
            }
        }
    }
    return false;
}

// The sources of what an operator runs; not the simulator, and not the check of plugins, which
// speaks to their authors.
std::vector<std::filesystem::path> sources_that_speak() {
    std::vector<std::filesystem::path> sources;
    for (const auto* room : {"host_stub", "plugins"}) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(test::source_file(room))) {
            const auto path = entry.path().generic_string();
            const auto is_in = [&](const char* part) { return path.find(part) != path.npos; };
            if (path.ends_with(".cpp") && !is_in("/simulator/") && !is_in("/plugin_check/") &&
                !is_in("/echo_platform/") && !is_in("chinese")) {
                sources.push_back(entry.path());
            }
        }
    }
    REQUIRE(sources.size() > 100);
    return sources;
}

TEST_SUITE("adapter/chinese") {
    TEST_CASE("every sentence that is thrown, complained of, logged or found has a row") {
        // Parts of sentences that are made of several, and the whole of them.
        const std::map<std::string, std::string> composed{
            {"and cannot be renamed",
             "/s.json was not what the gateway had written and cannot be renamed: Read-only file "
             "system"},
            {"in all), which nobody",
             "set aside: 2 messages (7 in all), which nobody tries any more: see `state dead "
             "list`"},
            {"cannot send at the moment", "app hr cannot send at the moment: WeCom answers 50003"},
            {"holds a character that is none",
             "platforms.wecom_callback.extra.encoding_aes_key holds a character that is none of "
             "A-Z a-z 0-9; WeCom's have 43 letters and digits: copy it again from Receive Messages "
             "on the app's page"}};
        std::size_t seen = 0;
        for (const auto& source : sources_that_speak()) {
            std::ostringstream text;
            text << std::ifstream(source).rdbuf();
            for (const auto& sentence : said_sentences(text.str())) {
                CAPTURE(source);
                CAPTURE(sentence);
                const auto whole = std::ranges::find_if(composed, [&](const auto& part) {
                    return sentence.find(part.first) != sentence.npos;
                });
                CHECK(is_in_chinese(whole == composed.end() ? sentence : whole->second));
                ++seen;
            }
        }
        CHECK(seen > 200);
    }

    TEST_CASE("sentences are found whichever way their conditions go") {
        CHECK(said_sentences(R"x(throw UsageError("no file " + (ok ? name : std::string("at all")) +
                                 " is here"); // error("not this one")
                                 log.write(LogLevel::info, "me", std::to_string(n) + " more to do");
                                 return {.sentence = "it has " + size, .body = "not a sentence"};
                                 found.sentence = "as it is"; is_so ? f("or this") : g();)x") ==
              std::vector<std::string>{"no file x1 is here", "no file at all is here",
                                       "x1 more to do", "it has x1", "as it is"});
    }

    TEST_CASE("no sentence has two translations, and none is left in English") {
        std::set<std::string> known;
        for (const auto& row : everything()) {
            CAPTURE(std::string(row.english));
            CHECK(known.insert(row.english).second);
            if (gaps_in(row.english) == 0) {
                test::check_chinese(row.english);
            }
        }
    }

    TEST_CASE("what stands in a gap is shown, and nothing else is asked for") {
        for (const auto& row : everything()) {
            CAPTURE(row.english);
            const std::string_view translated = row.translated;
            for (char number = '1'; number <= '9'; ++number) {
                const bool is_gap = static_cast<std::size_t>(number - '0') <= gaps_in(row.english);
                const bool is_shown =
                    translated.find(std::string("{") + number + '}') != translated.npos;
                CHECK(is_shown == is_gap);
            }
        }
    }

    TEST_CASE("what a watch tells an administrator is in Chinese, with all that is in it") {
        const auto& words = test::chinese_words();
        CHECK(words("FAILED: wecom_callback, app hr: permission to send: 50003: the app is "
                    "disabled: enable the app in the admin console under App Management") ==
              "异常：wecom_callback，应用 "
              "hr：发送权限：50003：应用已停用：请在管理后台“应用管理”中启用该应用");
        CHECK(words("good again: wecom_callback, app hr: access token") ==
              "恢复正常：wecom_callback，应用 hr：access_token");
        test::check_chinese(
            "set aside: 2 messages (7 in all), which nobody tries any more: see "
            "`state dead list`");
    }

    TEST_CASE("what the system says is in Chinese, and so is what it is said of") {
        CHECK(test::chinese_words()("platform wecom_callback did not start: cannot listen on "
                                    "192.0.2.1:8645: cannot assign requested address (this machine "
                                    "has no such address: change `host`)") ==
              "平台 wecom_callback 未能启动：无法监听 "
              "192.0.2.1:8645：无法使用该地址（本机没有这个地址：请改 `host`）");
        CHECK(test::chinese_words()("/etc/hermes/config.yaml: cannot be read: Permission denied") ==
              "/etc/hermes/config.yaml：无法读取：权限不足");
    }

    TEST_CASE("a gateway of several is in Chinese, with all that is known of it") {
        CHECK(test::chinese_words()(
                  "gateway 4 (gw1, process 4711), since 2026-11-28T08:00:00Z: 32 of 64 shards, 0 "
                  "events and 3 messages wait, drained, silent for 9 s") ==
              "网关 4（gw1，进程 4711），自 2026-11-28T08:00:00Z：64 个分片中的 32 "
              "个，等待中的事件 0、消息 3，已让出，已 9 秒没有消息");
    }

    TEST_CASE("every code of WeCom that is explained is explained in Chinese") {
        int explained = 0;
        for (int code = -1; code < 900'000; ++code) {
            const auto text = api_error_text(code);
            if (!text.meaning.empty()) {
                ++explained;
                test::check_chinese(describe_api_error(code, ""));
                ApiResult told;
                told.sentence = describe_api_error(code, "");
                test::check_chinese(for_command(told).sentence);
                CHECK(test::chinese_words()(text.remedy) != text.remedy);
                CHECK(test::chinese_words()(text.meaning) != text.meaning);
            }
        }
        CHECK(explained > 50);
    }
}

}  // namespace
}  // namespace hermes::wecom
