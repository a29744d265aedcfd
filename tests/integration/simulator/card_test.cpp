// Template cards: what WeCom takes, what a press sends, and how a card is closed.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "fake_gateway.hpp"
#include "simulator/wecom/card_table.hpp"
#include "support/manual_clock.hpp"

namespace hermes::test {

namespace {

namespace json = boost::json;

json::object buttons(const std::string& task_id) {
    return json::parse(R"({"card_type":"button_interaction","main_title":{"title":"Ship it?"},
        "task_id":")" + task_id +
                       R"(","button_list":[{"text":"Yes","key":"y"},{"text":"No","key":"n"}]})")
        .as_object();
}

json::object list(const std::string& task_id) {
    return json::parse(R"({"card_type":"vote_interaction","main_title":{"title":"Which?"},
        "task_id":")" + task_id +
                       R"(","checkbox":{"question_key":"q","option_list":[{"id":"a","text":"A"},
        {"id":"b","text":"B"}]},"submit_button":{"text":"Submit","key":"s"}})")
        .as_object();
}

// A simulator, the gateway that it calls, and a caller of its API that has sent a card.
struct CardRig {
    ManualClock clock;
    FakeGateway gateway;
    sim::WecomSimulator wecom;
    ApiCaller api;
    std::string token;

    CardRig()
        : wecom(gateway.world(), {.clock = clock.clock()}),
          api((wecom.start(), wecom.api_base())),
          token(api.access_token(*wecom.world().find_app("hr"))) {}

    ApiReply send(const json::object& card, const std::string& to = "lisi") {
        return api.post("/cgi-bin/message/send?access_token=" + token,
                        json::serialize(json::object{{"touser", to},
                                                     {"msgtype", "template_card"},
                                                     {"agentid", 1000002},
                                                     {"template_card", card}}));
    }

    ApiReply close(const std::string& code, json::array users = {"lisi"}) {
        return api.post(
            "/cgi-bin/message/update_template_card?access_token=" + token,
            json::serialize(json::object{{"userids", std::move(users)},
                                         {"agentid", 1000002},
                                         {"response_code", code},
                                         {"button", json::object{{"replace_name", "Yes"}}}}));
    }

    std::string label_of(const std::string& msgid, const std::string& user) const {
        for (const auto& entry : wecom.entries()) {
            if (entry.msgid == msgid && entry.user_id == user) {
                return entry.card_label;
            }
        }
        return "no such card";
    }

    // What the gateway is told of the member's press.
    std::string press(const std::string& msgid, const std::string& label) {
        CHECK(wecom.press("hr", "lisi", msgid, label).acknowledged);
        const auto callback = gateway.callbacks().take();
        REQUIRE(callback);
        return callback->plain;
    }
};

std::string inside(const std::string& text, const std::string& from, const std::string& to) {
    const auto start = text.find(from);
    REQUIRE(start != std::string::npos);
    const auto begin = start + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
}

std::string code_of(const std::string& plain) {
    return inside(plain, "<ResponseCode><![CDATA[", "]]>");
}

int check(json::object card) {
    return sim::CardTable::check(json::serialize(card));
}

}  // namespace

TEST_SUITE("simulator/card") {
    TEST_CASE("a card reaches the member, and a press the gateway, with a code for each") {
        CardRig rig;
        const auto sent = rig.send(buttons("t-1"));
        CHECK(sent.errcode() == 0);
        CHECK_FALSE(sent.member("response_code").empty());
        const auto delivered = rig.wecom.wait_for_delivery({.user_id = "lisi"}, patience);
        REQUIRE(delivered);
        CHECK(delivered->type == "template_card");
        const auto plain = rig.press(delivered->msgid, "No");
        CHECK(plain.find("<Event><![CDATA[template_card_event]]></Event>"
                         "<EventKey><![CDATA[n]]></EventKey><TaskId><![CDATA[t-1]]></TaskId>"
                         "<CardType><![CDATA[button_interaction]]></CardType>") !=
              std::string::npos);
        CHECK(code_of(plain) != sent.member("response_code"));
        CHECK(code_of(rig.press(delivered->msgid, "No")) != code_of(plain));
    }

    TEST_CASE("a list is submitted with what was selected in it") {
        CardRig rig;
        const auto plain = rig.press(rig.send(list("t-1")).member("msgid"), "B");
        CHECK(plain.find("<EventKey><![CDATA[s]]></EventKey>") != std::string::npos);
        CHECK(plain.find("<SelectedItems><SelectedItem><QuestionKey><![CDATA[q]]></QuestionKey>"
                         "<OptionIds><OptionId><![CDATA[b]]></OptionId></OptionIds>"
                         "</SelectedItem></SelectedItems>") != std::string::npos);
    }

    TEST_CASE("the code of a press closes the card, once, and then it can't be pressed") {
        CardRig rig;
        const auto msgid = rig.send(buttons("t-1")).member("msgid");
        const auto code = code_of(rig.press(msgid, "Yes"));
        CHECK(rig.label_of(msgid, "lisi").empty());
        const auto closed = rig.close(code);
        CHECK(closed.errcode() == 0);
        CHECK(closed.body.find(R"("invaliduser":[])") != std::string::npos);
        CHECK(rig.label_of(msgid, "lisi") == "Yes");
        CHECK(rig.close(code).errcode() == 60140);
        CHECK_THROWS_AS(rig.wecom.press("hr", "lisi", msgid, "Yes"), std::invalid_argument);
    }

    TEST_CASE("a card that was taken back can't be pressed") {
        CardRig rig;
        const auto msgid = rig.send(buttons("t-1")).member("msgid");
        CHECK(rig.api
                  .post("/cgi-bin/message/recall?access_token=" + rig.token,
                        R"({"msgid":")" + msgid + "\"}", "application/json")
                  .errcode() == 0);
        CHECK_THROWS_AS(rig.wecom.press("hr", "lisi", msgid, "Yes"), std::invalid_argument);
    }

    TEST_CASE("a code is good for 72 hours") {
        CardRig rig;
        const auto msgid = rig.send(buttons("t-1")).member("msgid");
        const auto early = code_of(rig.press(msgid, "Yes"));
        const auto late = code_of(rig.press(msgid, "Yes"));
        rig.clock.advance(std::chrono::hours{72} - std::chrono::seconds{1});
        rig.token = rig.api.access_token(*rig.wecom.world().find_app("hr"));
        CHECK(rig.close(early).errcode() == 0);
        rig.clock.advance(std::chrono::seconds{1});
        CHECK(rig.close(late).errcode() == 60140);
        CHECK(rig.close("invented").errcode() == 60140);
    }

    TEST_CASE("a card is closed for those who are named and have it") {
        CardRig rig;
        const auto sent = rig.send(buttons("t-1"), "lisi|zhangsan");
        const auto msgid = sent.member("msgid");
        CHECK(rig.close(sent.member("response_code"), {}).errcode() == 82101);
        CHECK(rig.close(sent.member("response_code"), {"nobody"}).errcode() == 82102);
        CHECK(rig.close(sent.member("response_code"), {"LiSi"}).errcode() == 0);
        CHECK(rig.label_of(msgid, "lisi") == "Yes");
        CHECK(rig.label_of(msgid, "ZhangSan").empty());
    }

    TEST_CASE("a task id is used once in an app, though an equal request is only suppressed") {
        CardRig rig;
        CHECK(rig.send(buttons("t-1")).errcode() == 0);
        auto other = buttons("t-1");
        other["main_title"].as_object()["title"] = "Something else?";
        CHECK(rig.send(other).errcode() == 42014);
        CHECK(rig.wecom.deliveries({.user_id = "lisi"}).size() == 1);
    }

    TEST_CASE("what WeCom says a card must have is asked for") {
        CHECK(check(buttons("t-1")) == 0);
        CHECK(check(list("t-1")) == 0);
        CHECK(check(buttons("t 1")) == 42014);
        CHECK(check(buttons(std::string(129, 't'))) == 42014);
        auto card = buttons("t");
        card["card_type"] = "hologram";
        CHECK(check(card) == 42031);
        card = buttons("t");
        card.erase("main_title");
        CHECK(check(card) == 42033);
        card = buttons("t");
        for (int n = 0; n < 5; ++n) {
            card["button_list"].as_array().push_back(
                {{"text", "more"}, {"key", std::to_string(n)}});
        }
        CHECK(check(card) == 42036);
        card["button_list"] =
            json::array{{{"text", "A"}, {"key", "a"}}, {{"text", "B"}, {"key", "a"}}};
        CHECK(check(card) == 42038);
        card = list("t");
        card["checkbox"].as_object()["option_list"].as_array()[0].as_object()["text"] = "";
        CHECK(check(card) == 42040);
        card = list("t");
        card["checkbox"].as_object().erase("question_key");
        CHECK(check(card) == 42043);
        card = list("t");
        card.erase("submit_button");
        CHECK(check(card) == 42046);
        CHECK(sim::CardTable::check("no JSON") == 42031);
    }

    TEST_CASE("only who has the card can press it, and only what is on it") {
        CardRig rig;
        const auto msgid = rig.send(buttons("t-1")).member("msgid");
        CHECK_THROWS_AS(rig.wecom.press("hr", "zhangsan", msgid, "Yes"), std::invalid_argument);
        CHECK_THROWS_AS(rig.wecom.press("it", "lisi", msgid, "Yes"), std::invalid_argument);
        CHECK_THROWS_AS(rig.wecom.press("hr", "lisi", msgid, "Maybe"), std::invalid_argument);
        CHECK_THROWS_AS(rig.wecom.press("hr", "lisi", "no-such-msgid", "Yes"),
                        std::invalid_argument);
    }
}

}  // namespace hermes::test
