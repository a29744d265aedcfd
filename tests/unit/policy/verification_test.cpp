// How the callback URL is verified, row by row of the HTTP table.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "policy/callback.hpp"
#include "unit/policy/callback_answers.hpp"
#include "unit/policy/verification_request.hpp"

using namespace std::chrono_literals;
using namespace hermes::test;
using hermes::wecom::Apps;
using hermes::wecom::CallbackDecision;
using hermes::wecom::CallbackError;
using hermes::wecom::decide_callback;
using hermes::wecom::Verdict;

namespace {

CallbackDecision get(const hermes::wecom::CallbackQuery& query) {
    const auto target = "/wecom/callback?" + hermes::wecom::format_callback_query(query);
    return decide_callback({"GET", target, ""}, Apps(apps), callback_now);
}

}  // namespace

TEST_SUITE("policy/verification") {
    TEST_CASE("a verification request is answered with the decrypted echostr and nothing else") {
        for (std::size_t i = 0; i < apps.size(); ++i) {
            CAPTURE(i);
            const auto answer = response(get(Verification{.app = apps[i]}.query()));
            CHECK(answer.status == 200);
            CHECK(answer.body == "1616140317555161061");
            CHECK(answer.verdict == Verdict::verified);
            CHECK(answer.app->name == apps[i].name);
        }
    }

    TEST_CASE("Tencent's sample verification request is answered while it is fresh") {
        const auto sample = callback_app("sample", "wx5823bf96d3bd56c7", "218", "QDG6eK",
                                         "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C");
        const auto decision = decide_callback(
            {"GET",
             "/wecom/callback?msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
             "&timestamp=1409659589&nonce=263014780&echostr=P9nAzCzyDtyTWESHep1vC5X9xho%2FqYX3Zpb4y"
             "Ka9SKld1DsH3Iyt3tP3zNdtp%2B4RPcs8TgAE7OaBO%2BFZXvnaqQ%3D%3D",
             ""},
            Apps({sample}), std::chrono::system_clock::time_point{1409659589s});
        CHECK(response(decision).body == "1616140317555161061");
    }

    TEST_CASE("a captured callback is not decrypted for who asks for its verification") {
        const SignedCallback callback{.app = apps[0],
                                      .xml = text_xml(apps[0], "zhangsan", "hello")};
        const auto captured = callback.encrypt();
        const hermes::wecom::CallbackQuery query{
            hermes::wecom::msg_signature(apps[0].callback_token, "1700000000", "n", captured),
            "1700000000", "n", captured};
        check_refused(get(query), 403, CallbackError::not_an_echo);
        CHECK(response(get(query)).body.find("hello") == std::string::npos);
    }

    TEST_CASE("an echostr is one to 64 letters and digits") {
        for (const auto& echo : {std::string("a"), std::string(64, 'Z'), std::string("aZ09")}) {
            CHECK(response(get(Verification{.echo = echo}.query())).body == echo);
        }
        for (const auto& echo : {std::string(), std::string(65, '1'), std::string("a b"),
                                 std::string("<xml>"), std::string("1\n"), std::string("你好")}) {
            CAPTURE(echo);
            const auto answer = response(get(Verification{.echo = echo}.query()));
            CHECK(answer.status == 403);
            CHECK(answer.verdict == Verdict::refused);
        }
    }

    TEST_CASE("a verification request is 403 when it is too old or from the future") {
        check_refused(get(Verification{.timestamp = "1699913599"}.query()), 403,
                      CallbackError::too_old);
        check_refused(get(Verification{.timestamp = "1700003601"}.query()), 403,
                      CallbackError::too_new);
        check_refused(get(Verification{.timestamp = "yesterday"}.query()), 403,
                      CallbackError::bad_timestamp);
        CHECK(response(get(Verification{.timestamp = "1699913600"}.query())).status == 200);
    }

    TEST_CASE("a verification request is 403 when its signature is of no app") {
        auto query = Verification{}.query();
        query.nonce += '1';
        check_refused(get(query), 403, CallbackError::bad_signature);
        query = Verification{}.query();
        query.msg_signature[0] = query.msg_signature[0] == '0' ? '1' : '0';
        check_refused(get(query), 403, CallbackError::bad_signature);
    }

    TEST_CASE("a verification request is 403 when a parameter is missing") {
        using Member = std::string hermes::wecom::CallbackQuery::*;
        using Query = hermes::wecom::CallbackQuery;
        for (const Member member :
             {&Query::msg_signature, &Query::timestamp, &Query::nonce, &Query::echostr}) {
            auto query = Verification{}.query();
            (query.*member).clear();
            check_refused(get(query), 403, CallbackError::missing_parameter);
        }
        check_refused(decide_callback({"GET", "/wecom/callback?", ""}, Apps(apps), callback_now),
                      403, CallbackError::missing_parameter);
    }

    TEST_CASE("a person who opens the URL reads what it is for, in both languages, and no app") {
        const auto answer =
            response(decide_callback({"GET", "/wecom/callback", ""}, Apps(apps), callback_now));
        CHECK(answer.status == 200);
        CHECK(answer.verdict == Verdict::introduced);
        CHECK(answer.body.find("This is the callback URL of a WeCom app") == 0);
        CHECK(answer.body.find("这是企业微信应用的回调 URL") != std::string::npos);
        for (const auto& app : apps) {
            CHECK(answer.body.find(app.corp.str()) == std::string::npos);
            CHECK(answer.body.find(app.callback_token) == std::string::npos);
        }
        const auto without =
            response(decide_callback({"GET", "/wecom/callback", ""}, Apps({}), callback_now));
        CHECK(without.body == answer.body);
    }

    TEST_CASE("a verification request is 403 when its echostr is of another corp") {
        check_refused(get(Verification{.receive_id = "wwabcdef"}.query()), 403,
                      CallbackError::wrong_receive_id);
    }

    TEST_CASE("a verification request is 403 when its query can't be decoded") {
        check_refused(
            decide_callback({"GET", "/wecom/callback?nonce=%zz", ""}, Apps(apps), callback_now),
            403, CallbackError::malformed_query);
    }
}
