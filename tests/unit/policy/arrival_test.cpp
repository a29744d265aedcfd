#include "policy/arrival.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "unit/policy/callback_answers.hpp"
#include "unit/policy/verification_request.hpp"

namespace hermes::test {

namespace {

using wecom::Apps;
using wecom::Arrival;
using wecom::ArrivalKind;

Arrival arrives(const std::string& target, const std::vector<wecom::App>& configured = apps,
                std::chrono::system_clock::time_point now = callback_now) {
    return wecom::judge_arrival({"GET", target, ""}, "/wecom/callback", Apps(configured), now);
}

Arrival verifies(const wecom::CallbackQuery& query) {
    return arrives("/wecom/callback?" + wecom::format_callback_query(query));
}

bool says(const Arrival& arrival, const std::string& words) {
    CAPTURE(arrival.sentence);
    const bool found = arrival.sentence.find(words) != std::string::npos;
    CHECK(found);
    return found;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

// A request whose echostr has a plus sign in it.
wecom::CallbackQuery query_with_plus() {
    Verification request;
    while (request.query().echostr.find('+') == std::string::npos) {
        request.echo += '1';
    }
    return request.query();
}

}  // namespace

TEST_SUITE("policy/arrival") {
    TEST_CASE("a right verification names its app, and has the answer that WeCom waits for") {
        for (const auto& app : apps) {
            const auto arrival = verifies(Verification{.app = app}.query());
            CHECK(arrival.kind == ArrivalKind::verified);
            CHECK(arrival.status == 200);
            CHECK(arrival.body == "1616140317555161061");
            says(arrival, "app " + app.name + ": right");
        }
    }

    TEST_CASE("a right answer that came too late for WeCom is wrong, with the time that it took") {
        using namespace std::chrono_literals;
        auto in_time = verifies(Verification{}.query());
        judge_time(in_time, 1000ms, wecom::verification_patience);
        CHECK(in_time.kind == ArrivalKind::verified);
        says(in_time, ", answered in 1000.0 ms");
        auto late = verifies(Verification{}.query());
        judge_time(late, 1400ms, wecom::verification_patience);
        CHECK(late.kind == ArrivalKind::wrong);
        says(late, "but answered in 1400 ms, and WeCom waits 1000 ms");
    }

    TEST_CASE("WeCom's request for another path is told from a browser's and a scanner's") {
        const auto query = '?' + wecom::format_callback_query(Verification{}.query());
        const auto wrong = arrives("/wecom/callback/" + query);
        CHECK(wrong.kind == ArrivalKind::wrong);
        CHECK(wrong.status == 404);
        says(wrong, "it asks for /wecom/callback/, and the callback URL's path is /wecom/callback");
        for (const std::string path : {"/", "/favicon.ico", "/wp-login.php?x=1"}) {
            const auto visitor = arrives(path);
            CHECK(visitor.kind == ArrivalKind::visitor);
            says(visitor, "a browser or a scanner, not WeCom");
        }
    }

    TEST_CASE("a request without a query is a browser's, or a proxy has dropped it") {
        const auto arrival = arrives("/wecom/callback");
        CHECK(arrival.kind == ArrivalKind::visitor);
        CHECK(arrival.status == 200);
        says(arrival, "press Save (保存)");
        says(arrival, "a reverse proxy on the way drops the query");
    }

    TEST_CASE("a wrong Token is told, and whose Token would have been right is named") {
        Verification request;
        request.app.callback_token = "another";
        says(verifies(request.query()), "not signed with the Token of any app (hr, it, sales)");
        const auto target = "/wecom/callback?" + wecom::format_callback_query(request.query());
        const auto alone = arrives(target, {apps[0]});
        CHECK(alone.kind == ArrivalKind::wrong);
        says(alone, "not signed with the Token of app hr: copy the Token");
        CHECK(alone.sentence.find("token-hr") == std::string::npos);
    }

    TEST_CASE("a wrong EncodingAESKey is told from a wrong Token") {
        Verification request;
        request.app.key = wecom::EncodingAesKey::parse(other_key_text).value();
        const auto arrival = verifies(request.query());
        CHECK(arrival.kind == ArrivalKind::wrong);
        says(arrival, "app hr: the Token is right, but its EncodingAESKey does not open");
    }

    TEST_CASE("another company is told from a wrong key") {
        Verification request;
        request.receive_id = "wwsomebodyelse";
        says(verifies(request.query()),
             "app hr: Token and EncodingAESKey are right, but it is of another company than "
             "ww1234567890");
    }

    TEST_CASE("a proxy that turns plus signs into spaces is named") {
        const auto target = "/wecom/callback?" + wecom::format_callback_query(query_with_plus());
        const auto arrival = arrives(replaced(target, "%2B", "%20"));
        CHECK(arrival.kind == ArrivalKind::wrong);
        says(arrival,
             "a reverse proxy on the way has turned the plus signs of echostr into spaces");
        says(arrival, "proxy_pass");
        // A plus sign that was decoded, and not more, is right.
        CHECK(arrives(replaced(target, "%2B", "+")).kind == ArrivalKind::verified);
    }

    TEST_CASE("a proxy that encodes a second time is named") {
        const auto target = "/wecom/callback?" + wecom::format_callback_query(query_with_plus());
        says(arrives(replaced(target, "%", "%25")),
             "a reverse proxy on the way has percent-encoded echostr a second time");
    }

    TEST_CASE("a proxy that rewrites the query, and a wrong Token, is still a proxy") {
        auto query = query_with_plus();
        query.echostr = replaced(query.echostr, "+", " ");
        query.msg_signature = std::string(40, '0');
        says(verifies(query), "echostr holds spaces, which WeCom never sends");
    }

    TEST_CASE("parameters that a proxy has dropped are named") {
        auto query = Verification{}.query();
        query.nonce.clear();
        query.echostr.clear();
        const auto arrival = verifies(query);
        CHECK(arrival.kind == ArrivalKind::wrong);
        says(arrival, "nonce, echostr is missing, which WeCom always sends");
        says(arrives("/wecom/callback?nonce=%zz"), "its query is malformed");
    }

    TEST_CASE("a clock that is wrong is told") {
        const auto target =
            "/wecom/callback?" + wecom::format_callback_query(Verification{}.query());
        says(arrives(target, apps, callback_now + std::chrono::hours(30)), "set the clock right");
    }

    TEST_CASE("a member's message is right and is not acknowledged, since nobody works on it") {
        const SignedCallback callback{.app = apps[2], .xml = text_xml(apps[2], "lisi", "hello")};
        const auto target = callback.target();
        const auto body = callback.body();
        const auto post = [&](std::string_view content) {
            return wecom::judge_arrival({"POST", target, content}, "/wecom/callback", Apps(apps),
                                        callback_now);
        };
        const auto arrival = post(body);
        CHECK(arrival.kind == ArrivalKind::message);
        CHECK(arrival.status == 503);
        says(arrival,
             "app sales: a callback as it should be, not taken, so that WeCom sends it "
             "again");
        CHECK(arrival.sentence.find("hello") == std::string::npos);
        CHECK(post("<xml/>").kind == ArrivalKind::wrong);
    }

    TEST_CASE("an event that no agent hears of is not acknowledged either") {
        const SignedCallback callback{.app = apps[0],
                                      .xml = event_xml(apps[0], "lisi", "enter_agent", "")};
        const auto target = callback.target();
        const auto body = callback.body();
        const auto arrival = wecom::judge_arrival({"POST", target, body}, "/wecom/callback",
                                                  Apps(apps), callback_now);
        CHECK(arrival.kind == ArrivalKind::message);
        CHECK(arrival.status == 503);
    }
}

}  // namespace hermes::test
