#include "operator/listed_members.hpp"

#include <map>

#include "protocol/api_error.hpp"
#include "support/chinese.hpp"
#include "unit/policy/signed_callback.hpp"

namespace hermes::test {

namespace {

using Verdict = Finding::Verdict;

// WeCom's answers: the code for each member, 0 for those that are not named.
struct Wecom {
    std::map<std::string, int> codes;
    std::size_t asked = 0;

    std::optional<Finding> about(const std::vector<std::string>& allowed_users) {
        auto app = callback_app("hr", "ww1", "1000002", "token");
        app.access = std::get<wecom::Access>(wecom::Access::from_entries(allowed_users, app.corp));
        asked = 0;
        auto found = wecom::examine_listed_members(app, [this](const wecom::UserId& member) {
            ++asked;
            const auto code = codes[member.str()];
            wecom::ApiResult answer;
            if (code != 0) {
                answer.error = wecom::api_error(code);
                answer.sentence = wecom::describe_api_error(code, "");
            }
            return answer;
        });
        if (found) {
            CHECK(found->subject == "app hr: allowed_users");
            check_chinese(found->sentence);
        }
        return found;
    }
};

bool says(const std::optional<Finding>& found, const std::string& words) {
    return found && found->sentence.find(words) != std::string::npos;
}

}  // namespace

TEST_SUITE("adapter/listed_members") {
    TEST_CASE("where everybody or nobody is admitted, nobody is looked up") {
        Wecom wecom;
        CHECK_FALSE(wecom.about({}));
        CHECK_FALSE(wecom.about({"ww1:*", "alice"}));
        CHECK_FALSE(wecom.about({"ww2:alice"}));
        CHECK(wecom.asked == 0);
    }

    TEST_CASE(
        "an id that WeCom does not know is named as it is written, and those that it knows are "
        "not") {
        Wecom wecom{{{"BobB", 60111}, {"lisi2", 60111}}};
        const auto found = wecom.about({"alice", "ww1:BobB", "lisi2", "ww2:nobody"});
        CHECK(wecom.asked == 3);
        REQUIRE(found);
        CHECK(found->verdict == Verdict::warning);
        CHECK(says(found, "WeCom knows no member `BobB`, `lisi2` whom"));
        CHECK_FALSE(says(found, "alice"));

        wecom.codes.clear();
        CHECK(wecom.about({"alice", "BobB"})->verdict == Verdict::ok);
    }

    TEST_CASE("a member whom the app may not see is no failure, and is said") {
        Wecom wecom{{{"boss", 60011}}};
        const auto found = wecom.about({"alice", "boss"});
        REQUIRE(found);
        CHECK(found->verdict == Verdict::skipped);
        CHECK(says(found, "does not show this app `boss`,"));
        // What is certain is said first.
        wecom.codes["carl"] = 60111;
        CHECK(says(wecom.about({"alice", "boss", "carl"}), "no member `carl` whom"));
    }

    TEST_CASE("where the call is refused, or WeCom does not answer, that is said once") {
        Wecom wecom{{{"alice", 48002}}};
        const auto found = wecom.about({"alice", "bob", "carl"});
        CHECK(wecom.asked == 1);
        REQUIRE(found);
        CHECK(found->verdict == Verdict::skipped);
        CHECK(says(found, "48002: the app is not permitted to make this call"));
    }

    TEST_CASE("of many only the first are looked up, and how many is said") {
        Wecom wecom;
        std::vector<std::string> many;
        for (int i = 100; i < 150; ++i) {
            many.push_back("member" + std::to_string(i));
        }
        const auto fine = wecom.about(many);
        CHECK(wecom.asked == wecom::looked_up_max);
        CHECK(says(fine, "WeCom knows every member there (looked up: the first 20 of 50)"));
        wecom.codes = {{"member119", 60111}, {"member120", 60111}};
        CHECK(says(wecom.about(many), "no member `member119` whom"));
        many.resize(wecom::looked_up_max);
        CHECK_FALSE(says(wecom.about(many), "looked up"));
    }
}

}  // namespace hermes::test
