// The Chinese of the plugin and of the host, as a catalogue.
#include "support/chinese.hpp"

#include <set>

#include "protocol/api_error.hpp"

namespace hermes::wecom {
namespace {

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

TEST_SUITE("adapter/chinese") {
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

    TEST_CASE("every code of WeCom that is explained is explained in Chinese") {
        int explained = 0;
        for (int code = -1; code < 900'000; ++code) {
            const auto text = api_error_text(code);
            if (!text.meaning.empty()) {
                ++explained;
                test::check_chinese(describe_api_error(code, ""));
                CHECK(test::chinese_words()(text.remedy) != text.remedy);
                CHECK(test::chinese_words()(text.meaning) != text.meaning);
            }
        }
        CHECK(explained > 50);
    }
}

}  // namespace
}  // namespace hermes::wecom
