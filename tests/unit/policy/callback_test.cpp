// What is posted to the callback path, row by row of the HTTP table. Which app a callback belongs
// to and what reaches the agent is in callback_routing_test.cpp.
#include "policy/callback.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <variant>

#include "unit/policy/callback_answers.hpp"
#include "unit/policy/signed_callback.hpp"

using namespace std::chrono_literals;
using namespace hermes::test;
using hermes::wecom::Accept;
using hermes::wecom::Apps;
using hermes::wecom::CallbackDecision;
using hermes::wecom::CallbackError;
using hermes::wecom::decide_callback;
using hermes::wecom::Respond;
using hermes::wecom::Verdict;

namespace {

SignedCallback text_from(const char* from = "zhangsan") {
    return {.app = apps[0], .xml = text_xml(apps[0], from, "hello")};
}

CallbackDecision post(const std::string& query, const std::string& body) {
    const auto target = "/wecom/callback?" + query;
    return decide_callback({"POST", target, body}, Apps(apps), callback_now);
}

}  // namespace

TEST_SUITE("policy/callback") {
    TEST_CASE("a wrong app first in the list takes nothing from the good ones behind it") {
        auto with_bad_first = apps;
        with_bad_first.insert(with_bad_first.begin(),
                              callback_app("bad", "ww1234567890", "1", "", other_key_text));
        const auto callback = text_from();
        const auto decision = decide(callback, with_bad_first);
        REQUIRE(std::holds_alternative<Accept>(decision));
        CHECK(std::get<Accept>(decision).app->name == "hr");
    }

    TEST_CASE("a text message is accepted with its sender, id and text") {
        const auto app = apps[0];
        const auto xml = text_xml(app, "zhangsan", "你好", "123456789");
        const auto decision = decide({.app = app, .xml = xml}, apps);
        REQUIRE(std::holds_alternative<Accept>(decision));
        const auto& accepted = std::get<Accept>(decision);
        CHECK(accepted.app->name == "hr");
        CHECK(accepted.message.from_user.str() == "zhangsan");
        CHECK(accepted.message.to_corp.str() == "ww1234567890");
        CHECK(accepted.message.text == "你好");
        CHECK(accepted.message.msg_id == "123456789");
        CHECK(accepted.xml == xml);
        CHECK(accepted.duplicate_key == "ww1234567890/1000002/id/123456789");
    }

    TEST_CASE("Tencent's sample callback is accepted while it is fresh") {
        const auto sample = callback_app("sample", "wx5823bf96d3bd56c7", "218", "QDG6eK",
                                         "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C");
        const std::string body =
            "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[RypEvHKD"
            "8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj9"
            "11L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4X"
            "gpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw"
            "2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k"
            "22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2Y"
            "oyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml"
            ">";
        const hermes::wecom::CallbackRequest request{
            "POST",
            "/wecom/callback?msg_signature=477715d11cdb4164915debcba66cb864d751f3e6"
            "&timestamp=1409659813&nonce=1372623149",
            body};
        const std::chrono::system_clock::time_point then{1409659813s};
        const auto decision = decide_callback(request, Apps({sample}), then);
        REQUIRE(std::holds_alternative<Accept>(decision));
        CHECK(std::get<Accept>(decision).message.text == "hello");
        CHECK(std::get<Accept>(decision).message.msg_id == "4561255354251345929");
        check_refused(decide_callback(request, Apps({sample}), callback_now), 403,
                      CallbackError::too_old);
    }

    TEST_CASE("a callback is 400 when a parameter is missing") {
        using Member = std::string hermes::wecom::CallbackQuery::*;
        using Query = hermes::wecom::CallbackQuery;
        const auto callback = text_from();
        for (const Member member : {&Query::msg_signature, &Query::timestamp, &Query::nonce}) {
            auto query = hermes::wecom::parse_callback_query(callback.target()).value();
            (query.*member).clear();
            check_refused(post(hermes::wecom::format_callback_query(query), callback.body()), 400,
                          CallbackError::missing_parameter);
        }
    }

    TEST_CASE("a callback is 400 when its query can't be decoded") {
        check_refused(post("msg_signature=%f", text_from().body()), 400,
                      CallbackError::malformed_query);
    }

    TEST_CASE("a callback is 400 when its body is no envelope") {
        const auto query = text_from().query();
        check_refused(post(query, ""), 400, CallbackError::not_xml);
        check_refused(post(query, "{\"json\": true}"), 400, CallbackError::not_xml);
        check_refused(post(query, "<xml><Encrypt>cut"), 400, CallbackError::not_xml);
        check_refused(post(query, "<xml><ToUserName>ww1234567890</ToUserName></xml>"), 400,
                      CallbackError::no_encrypt);
        check_refused(post(query,
                           "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><Encrypt>&a;</Encrypt>"
                           "</xml>"),
                      400, CallbackError::forbidden_xml);
    }

    TEST_CASE("a body that is not UTF-8 is 400") {
        const auto decision = post(text_from().query(), "<xml><Encrypt>\xff\xfe</Encrypt></xml>");
        CHECK(response(decision).status == 400);
    }

    TEST_CASE("a callback is 403 when its signature is wrong in any way") {
        auto callback = text_from();
        const auto right = hermes::wecom::parse_callback_query(callback.target())->msg_signature;
        auto upper_case = right;
        for (char& c : upper_case) {
            c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
        }
        for (const auto& wrong :
             {std::string("0"), right.substr(1), right + '0', upper_case, std::string(40, '0')}) {
            callback.msg_signature = wrong;
            check_refused(decide(callback, apps), 403, CallbackError::bad_signature);
        }
    }

    TEST_CASE("a callback is 403 when what was signed is not what came") {
        const auto callback = text_from();
        auto other = callback;
        other.xml = text_xml(apps[0], "zhangsan", "goodbye");
        check_refused(post(callback.query(), other.body()), 403, CallbackError::bad_signature);
        auto query = hermes::wecom::parse_callback_query(callback.target()).value();
        query.timestamp = "1700000001";
        check_refused(post(hermes::wecom::format_callback_query(query), callback.body()), 403,
                      CallbackError::bad_signature);
    }

    TEST_CASE("a signed callback is 403 once it is older than duplicates are remembered") {
        const auto callback = text_from();
        CHECK(std::holds_alternative<Accept>(decide(callback, apps, callback_now + 24h)));
        check_refused(decide(callback, apps, callback_now + 24h + 1s), 403, CallbackError::too_old);
        check_refused(decide(callback, apps, callback_now + 20 * 365 * 24h), 403,
                      CallbackError::too_old);
    }

    TEST_CASE("a signed callback from the future is 403") {
        const auto callback = text_from();
        CHECK(std::holds_alternative<Accept>(decide(callback, apps, callback_now - 1h)));
        check_refused(decide(callback, apps, callback_now - 1h - 1s), 403, CallbackError::too_new);
    }

    TEST_CASE("a stale callback with a wrong token is a wrong token, and a clock is a clock") {
        auto callback = text_from();
        callback.msg_signature = std::string(40, '0');
        check_refused(decide(callback, apps, callback_now + 48h), 403,
                      CallbackError::bad_signature);
        const auto stale = response(decide(text_from(), apps, callback_now + 48h));
        CHECK(stale.error == make_error_code(CallbackError::too_old));
        CHECK(stale.app->name == "hr");
    }

    TEST_CASE("an old callback is 403 also when its timestamp and nonce have been swapped") {
        // The signature sorts its parts, so the two are interchangeable.
        auto callback = text_from();
        callback.nonce = "1703456789";
        std::swap(callback.timestamp, callback.nonce);
        const auto then = std::chrono::system_clock::time_point{1703456789s};  // 40 days later
        check_refused(decide(callback, apps, then), 403, CallbackError::too_old);
        const auto before = std::chrono::system_clock::time_point{1700000000s} - 2h;
        callback.timestamp = "1699992800";
        check_refused(decide(callback, apps, before), 403, CallbackError::too_new);
    }

    TEST_CASE("a callback without CreateTime can't be fresh") {
        auto callback = text_from();
        const std::string created = "<CreateTime>1700000000</CreateTime>";
        callback.xml.erase(callback.xml.find(created), created.size());
        check_refused(decide(callback, apps), 403, CallbackError::too_old);
    }

    TEST_CASE("a signed timestamp that is no number is 400") {
        for (const char* timestamp : {"now", "17e8", "1700000000x", "99999999999999999999"}) {
            auto callback = text_from();
            callback.timestamp = timestamp;
            check_refused(decide(callback, apps), 400, CallbackError::bad_timestamp);
        }
    }

    TEST_CASE("the farthest timestamps there are do not wrap around") {
        auto callback = text_from();
        callback.timestamp = "-9223372036854775808";
        check_refused(decide(callback, apps), 403, CallbackError::too_old);
        callback.timestamp = "9223372036854775807";
        check_refused(decide(callback, apps), 403, CallbackError::too_new);
    }

    TEST_CASE("a callback that can't be decrypted is 400") {
        auto wrong_key = text_from();
        wrong_key.app.key = hermes::wecom::EncodingAesKey::parse(other_key_text).value();
        CHECK(response(decide(wrong_key, apps)).status == 400);

        auto other_receiver = text_from();
        other_receiver.receive_id = "wwabcdef";
        check_refused(decide(other_receiver, apps), 400, CallbackError::wrong_receive_id);

        const std::string encrypt = "not base64!";
        const auto signature = hermes::wecom::msg_signature("token-hr", "1700000000", "n", encrypt);
        const auto query = hermes::wecom::format_callback_query({signature, "1700000000", "n", {}});
        check_refused(post(query, format_envelope({"ww1234567890", "1000002", encrypt})), 400,
                      CallbackError::not_base64);
    }

    TEST_CASE("a decrypted message that is none is 400") {
        check_refused(decide({.app = apps[0], .xml = "plain words"}, apps), 400,
                      CallbackError::not_xml);
        check_refused(decide({.app = apps[0], .xml = "<!DOCTYPE a><xml/>"}, apps), 400,
                      CallbackError::forbidden_xml);
    }

    TEST_CASE("a signed message that lacks what every message has is acknowledged, and says what") {
        const auto check = [](const std::string& xml, CallbackError error) {
            CAPTURE(xml);
            const auto answer = response(decide({.app = apps[0], .xml = xml}, apps));
            CHECK(answer.status == 200);
            CHECK(answer.body == "success");
            CHECK(answer.verdict == Verdict::unknown);
            CHECK(answer.error == make_error_code(error));
            CHECK(answer.app->name == "hr");
        };
        check("<xml><MsgType>text</MsgType></xml>", CallbackError::missing_field);
        check(
            "<xml><ToUserName>ww1234567890</ToUserName><CreateTime>1700000000</CreateTime>"
            "<MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>t</Token></xml>",
            CallbackError::missing_field);
        check(text_xml(apps[0], "a|b", "to two people"), CallbackError::bad_identifier);
    }

    TEST_CASE("what is not signed is refused, whatever it lacks") {
        SignedCallback callback{.app = apps[0], .xml = "<xml><MsgType>text</MsgType></xml>"};
        callback.app.callback_token = "guessed";
        check_refused(decide(callback, apps), 403, CallbackError::bad_signature);
    }

    TEST_CASE("another method is 405 whatever it carries") {
        const auto callback = text_from();
        const auto target = callback.target();
        const auto body = callback.body();
        for (const char* method : {"HEAD", "PUT", "DELETE", "get", ""}) {
            CAPTURE(method);
            const auto refusal =
                response(decide_callback({method, target, body}, Apps(apps), callback_now));
            CHECK(refusal.status == 405);
            CHECK(refusal.verdict == Verdict::not_allowed);
            CHECK(refusal.body == "method not allowed\n");
        }
    }

    TEST_CASE("without apps nothing is verified and nothing accepted") {
        const auto callback = text_from();
        check_refused(decide(callback, {}), 403, CallbackError::no_such_app);
    }
}
