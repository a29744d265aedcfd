#include "settings/setup_guide.hpp"

#include <doctest/doctest.h>

#include <set>

#include "settings/settings_table.hpp"
#include "support/chinese.hpp"
#include "support/http_scripted_server.hpp"

namespace hermes::test {

namespace {

using wecom::check_setup_answer;
using Verdict = Finding::Verdict;
constexpr auto english = GuideLanguage::english;
constexpr auto chinese = GuideLanguage::chinese;
const std::string key_of_43 = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

SetupVerdict answer(const std::string& key, const std::string& value,
                    GuideLanguage language = english) {
    SetupAnswers answers{{"corp_id", "ww1234567890abcde0"}};
    answers[key] = value;
    return check_setup_answer(answers, key, language);
}

bool is_wrong(const std::string& key, const std::string& value) {
    const auto verdict = answer(key, value);
    if (verdict.verdict == Verdict::failed) {
        CHECK_FALSE(verdict.sentence.empty());
        CHECK_FALSE(answer(key, value, chinese).sentence.empty());
        CHECK(answer(key, value, chinese).sentence != verdict.sentence);
        return true;
    }
    return false;
}

std::string with_code(int errcode) {
    return R"({"errcode":)" + std::to_string(errcode) + R"(,"errmsg":"no"})";
}

const std::string good_token =
    R"({"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200})";

// A secret, at a WeCom that answers so to gettoken, and to agent/get.
SetupVerdict tried_secret(const std::string& token, const std::string& agent = {}) {
    const HttpScriptedServer api([&](HttpSocket& connection, int) {
        while (const auto request = connection.read_message()) {
            const bool is_first = request->head.starts_with("GET /cgi-bin/gettoken");
            connection.send(http_ok(is_first ? token : agent));
        }
    });
    return check_setup_answer({{"corp_id", "ww1234567890abcde0"},
                               {"agent_id", "1000002"},
                               {"corp_secret", "abc"},
                               {"api_base", api.url("")}},
                              "corp_secret", english);
}

}  // namespace

TEST_SUITE("adapter/setup_guide") {
    TEST_CASE("it asks for every required setting, in both languages, and in the same order") {
        const auto in_english = wecom::setup_questions(english);
        const auto in_chinese = wecom::setup_questions(chinese);
        REQUIRE(in_english.size() == in_chinese.size());
        std::set<std::string> asked;
        for (std::size_t i = 0; i < in_english.size(); ++i) {
            CHECK(in_english[i].key == in_chinese[i].key);
            CHECK(in_english[i].words != in_chinese[i].words);
            asked.insert(in_english[i].key);
        }
        for (const auto& row : wecom::settings_table) {
            CHECK((row.need == SettingNeed::optional || asked.contains(row.key)));
        }
        // The secret can be tried at WeCom only when corp and app are known.
        CHECK(in_english[1].key == "corp_id");
        CHECK(in_english[2].key == "agent_id");
        CHECK(in_english[3].key == "corp_secret");
    }

    TEST_CASE("the shape of an answer is judged at once") {
        CHECK(is_wrong("corp_id", ""));
        CHECK(is_wrong("corp_id", "my company"));
        CHECK(answer("corp_id", "ww1234567890abcde").verdict == Verdict::warning);
        CHECK(answer("corp_id", " ww1234567890abcde0\t").value == "ww1234567890abcde0");
        CHECK(is_wrong("agent_id", "hr"));
        CHECK(is_wrong("agent_id", "0"));
        CHECK(answer("agent_id", "1000002").verdict == Verdict::ok);
        CHECK(is_wrong("token", "with blank"));
        CHECK(is_wrong("token", std::string(33, 'a')));
        CHECK(is_wrong("corp_secret", "with blank"));
        CHECK(answer("token", std::string(32, 'a')).verdict == Verdict::ok);
        CHECK(is_wrong("encoding_aes_key", key_of_43.substr(1)));
        CHECK(answer("encoding_aes_key", key_of_43.substr(1)).sentence ==
              "it has 43 letters and digits, and this has 42");
        CHECK(is_wrong("encoding_aes_key", '-' + key_of_43.substr(1)));
        CHECK(answer("encoding_aes_key", key_of_43).verdict == Verdict::ok);
        CHECK(is_wrong("name", "h r"));
        CHECK(answer("name", "人事").verdict == Verdict::ok);
    }

    TEST_CASE("an example's value is refused") {
        CHECK(is_wrong("corp_id", "ww0123456789abcdef"));
        CHECK(is_wrong("corp_secret", "..."));
        CHECK(is_wrong("token", "your-token"));
    }

    TEST_CASE("a star lets everybody of the company write, and nobody is a warning") {
        CHECK(answer("allowed_users", "*").value == "ww1234567890abcde0:*");
        CHECK(answer("allowed_users", "").verdict == Verdict::warning);
        CHECK(answer("allowed_users", "lisi, wangwu").value == "lisi, wangwu");
    }

    TEST_CASE("a list of users is taken as people write lists, and a wrong one is not kept") {
        CHECK(answer("allowed_users", "lisi，wangwu、zhaoliu; a  b;").value ==
              "lisi, wangwu, zhaoliu, a, b");
        CHECK(answer("allowed_users", "ww1234567890abcde0:*，lisi").value ==
              "ww1234567890abcde0:*, lisi");
        CHECK(is_wrong("allowed_users", "*, zhangsan"));
        CHECK(answer("allowed_users", "*, zhangsan").sentence.find("allow_all_users: true") !=
              std::string::npos);
        CHECK(is_wrong("allowed_users", "a:b:c"));
    }

    TEST_CASE("without a network the secret is kept and not tested") {
        const auto verdict = check_setup_answer({{"corp_id", "ww1234567890abcde0"},
                                                 {"agent_id", "1000002"},
                                                 {"corp_secret", "abc"},
                                                 {"api_base", "http://127.0.0.1:9"}},
                                                "corp_secret", english);
        CHECK(verdict.verdict == Verdict::skipped);
        CHECK(verdict.sentence.find("not tested: ") == 0);
        CHECK(verdict.value == "abc");
    }

    TEST_CASE("a secret is called wrong only where WeCom says so, and kept where it cannot say") {
        for (const int errcode : {-1, 45009, 45033, 48002, 301007}) {
            CAPTURE(errcode);
            const auto verdict = tried_secret(with_code(errcode));
            CHECK(verdict.verdict == Verdict::skipped);
            CHECK(verdict.sentence.starts_with("not tested: " + std::to_string(errcode) + ": "));
            CHECK(verdict.value == "abc");
            check_chinese(verdict.sentence);
        }
        CHECK(tried_secret(with_code(-1)).sentence ==
              "not tested: -1: WeCom is busy: try again in a minute");
        CHECK(tried_secret(with_code(6000)).verdict == Verdict::skipped);  // in no document
        for (const int errcode : {40001, 40091}) {
            CAPTURE(errcode);
            const auto verdict = tried_secret(with_code(errcode));
            CHECK(verdict.verdict == Verdict::failed);
            CHECK(verdict.sentence.starts_with("WeCom refuses it: "));
            CHECK(verdict.value == "");
        }
        CHECK(tried_secret(with_code(40013)).verdict == Verdict::failed);
        CHECK(tried_secret(with_code(40013)).value == "corp_id");
    }

    TEST_CASE("an AgentId is called another app's only where WeCom says so") {
        for (const int errcode : {40056, 301002}) {
            CAPTURE(errcode);
            const auto verdict = tried_secret(good_token, with_code(errcode));
            CHECK(verdict.verdict == Verdict::warning);
            CHECK(verdict.sentence.starts_with("WeCom accepts it, but not for this AgentId: "));
        }
        for (const int errcode : {-1, 45009, 50003}) {
            CAPTURE(errcode);
            const auto verdict = tried_secret(good_token, with_code(errcode));
            CHECK(verdict.verdict == Verdict::skipped);
            CHECK(verdict.sentence.starts_with(
                "WeCom accepts it; the AgentId was not tested: " + std::to_string(errcode) + ": "));
            CHECK(verdict.value == "abc");
            check_chinese(verdict.sentence);
        }
        CHECK(tried_secret(good_token, R"({"errcode":0,"errmsg":"ok","name":"hr"})").sentence ==
              "WeCom accepts it, and knows the app as \"hr\"");
    }

    TEST_CASE(
        "the steps name the callback URL before the trusted IP, and the console's own names") {
        for (const auto language : {english, chinese}) {
            const auto steps = wecom::setup_steps({{{"agent_id", "1000002"}, {"port", "9000"}}},
                                                  "hermes-host-stub", "/etc/c.yaml", language);
            const auto step_with = [&](const std::string& words) {
                for (std::size_t i = 0; i < steps.size(); ++i) {
                    if (steps[i].find(words) != std::string::npos) {
                        return i;
                    }
                }
                FAIL(words);
                return steps.size();
            };
            CHECK(step_with("doctor --listen --config /etc/c.yaml") < step_with("设置API接收"));
            CHECK(step_with(":9000/wecom/callback") < step_with("企业可信IP"));
            CHECK(step_with("企业可信IP") < step_with("gateway start --config /etc/c.yaml"));
            step_with("可见范围");
            step_with("微信插件");
        }
    }
}

}  // namespace hermes::test
