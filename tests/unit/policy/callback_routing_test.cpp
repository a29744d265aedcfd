// Which app a callback belongs to, whose messages reach the agent, and which do.
#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "policy/callback.hpp"
#include "unit/policy/callback_answers.hpp"
#include "unit/policy/signed_callback.hpp"

using namespace hermes::test;
using hermes::wecom::Accept;
using hermes::wecom::Access;
using hermes::wecom::App;
using hermes::wecom::CallbackDecision;
using hermes::wecom::CallbackError;
using hermes::wecom::ChoiceStyle;
using hermes::wecom::InboundKind;
using hermes::wecom::may_answer;
using hermes::wecom::Respond;
using hermes::wecom::Verdict;

namespace {

// Two apps of one corp whose operator gave them the same token and key.
std::vector<App> twins() {
    return {callback_app("hr", "ww1234567890", "1000002", "same-token"),
            callback_app("it", "ww1234567890", "1000003", "same-token")};
}

Accept accepted(const CallbackDecision& decision) {
    REQUIRE(std::holds_alternative<Accept>(decision));
    return std::get<Accept>(decision);
}

std::string name_of(const CallbackDecision& decision) {
    return accepted(decision).app->name;
}

CallbackDecision decide_xml(const std::string& xml) {
    return decide({apps[0], xml}, apps);
}

void check_ignored(const CallbackDecision& decision, const std::string& type) {
    const auto answer = response(decision);
    CHECK(answer.status == 200);
    CHECK(answer.body == "success");
    CHECK(answer.verdict == Verdict::ignored);
    CHECK(answer.kind_name == type);
}

void check_unknown(const CallbackDecision& decision, const std::string& type) {
    const auto answer = response(decision);
    CHECK(answer.status == 200);
    CHECK(answer.body == "success");
    CHECK(answer.verdict == Verdict::unknown);
    CHECK(answer.kind_name == type);
    CHECK_FALSE(answer.error);
}

std::string without_agent(std::string xml) {
    const auto begin = xml.find("<AgentID>");
    const auto end = xml.find("</AgentID>") + std::string("</AgentID>").size();
    return xml.erase(begin, end - begin);
}

}  // namespace

TEST_SUITE("policy/callback routing") {
    TEST_CASE("each app accepts what is addressed to it") {
        for (std::size_t i = 0; i < apps.size(); ++i) {
            CAPTURE(i);
            const auto decision = decide({apps[i], text_xml(apps[i], "alice", "hello")}, apps);
            CHECK(name_of(decision) == apps[i].name);
        }
    }

    TEST_CASE("the same member id in two corps is two senders and two keys") {
        const auto here = accepted(decide({apps[0], text_xml(apps[0], "alice", "hello")}, apps));
        const auto there = accepted(decide({apps[2], text_xml(apps[2], "alice", "hello")}, apps));
        CHECK(here.message.to_corp != there.message.to_corp);
        CHECK(here.duplicate_key != there.duplicate_key);
    }

    TEST_CASE("of two apps with the same token and key the agent id decides") {
        for (std::size_t i = 0; i < 2; ++i) {
            const auto app = twins()[i];
            CHECK(name_of(decide({app, text_xml(app, "alice", "hello")}, twins())) == app.name);
        }
    }

    TEST_CASE("without an agent id on the envelope the one inside decides") {
        for (std::size_t i = 0; i < 2; ++i) {
            const auto app = twins()[i];
            SignedCallback callback{app, text_xml(app, "alice", "hello")};
            callback.envelope_agent = "";
            CHECK(name_of(decide(callback, twins())) == app.name);
        }
    }

    TEST_CASE("an agent id on the envelope, which is not signed, can't divert a message") {
        const auto app = twins()[0];
        SignedCallback callback{app, text_xml(app, "alice", "hello")};
        callback.envelope_agent = "1000003";
        check_refused(decide(callback, twins()), 400, CallbackError::wrong_app);
    }

    TEST_CASE("without any agent id nothing is guessed between two apps") {
        const auto app = twins()[0];
        SignedCallback callback{app, without_agent(text_xml(app, "alice", "hello"))};
        callback.envelope_agent = "";
        check_refused(decide(callback, twins()), 400, CallbackError::wrong_app);
    }

    TEST_CASE(
        "an event without any agent id is of no app, and is acknowledged where two could read it") {
        const auto app = twins()[0];
        for (const auto* type : {"unsubscribe", "click"}) {
            SignedCallback callback{app, without_agent(event_xml(app, "alice", type, "key"))};
            callback.envelope_agent = "";
            check_ignored(decide(callback, twins()), std::string("event/") + type);
        }
    }

    TEST_CASE("without any agent id the only app whose token signed it accepts") {
        SignedCallback callback{apps[1], without_agent(text_xml(apps[1], "alice", "hello"))};
        callback.envelope_agent = "";
        CHECK(name_of(decide(callback, apps)) == "it");
    }

    TEST_CASE("a message for another corp inside a valid envelope is 400") {
        const auto stranger = callback_app("x", "wwother", "1000002", "token-hr");
        check_refused(decide({apps[0], text_xml(stranger, "alice", "hello")}, apps), 400,
                      CallbackError::wrong_app);
    }

    TEST_CASE("an envelope for a corp or an agent that is not configured is 403") {
        SignedCallback other_corp{apps[0], text_xml(apps[0], "alice", "hello")};
        other_corp.envelope_corp = "wwother";
        check_refused(decide(other_corp, apps), 403, CallbackError::no_such_app);

        for (const char* agent_id : {"1000009", "abc", "-1", "01000002"}) {
            SignedCallback other_agent{apps[0], text_xml(apps[0], "alice", "hello")};
            other_agent.envelope_agent = agent_id;
            check_refused(decide(other_agent, apps), 403, CallbackError::no_such_app);
        }
    }

    TEST_CASE("the token of one app does not open another") {
        SignedCallback callback{apps[0], text_xml(apps[0], "alice", "hello")};
        callback.app.callback_token = "token-it";
        check_refused(decide(callback, apps), 403, CallbackError::bad_signature);
    }

    // --- what reaches the agent -----------------------------------------------------------------

    TEST_CASE("pictures, voice, videos, files, places and links reach the agent") {
        const std::vector<std::pair<std::string, std::string>> messages{
            {"image", "<PicUrl>https://pic</PicUrl><MediaId>m1</MediaId><MsgId>1</MsgId>"},
            {"voice", "<MediaId>m2</MediaId><Format>amr</Format><MsgId>2</MsgId>"},
            {"video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>3</MsgId>"},
            {"file", "<MediaId>m4</MediaId><FileName>a.pdf</FileName><MsgId>6</MsgId>"},
            {"location",
             "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y>"
             "<Label>here</Label><MsgId>4</MsgId>"},
            {"link", "<Title>t</Title><Url>https://link</Url><MsgId>5</MsgId>"}};
        for (const auto& [type, rest] : messages) {
            CAPTURE(type);
            const auto decision = decide_xml(inner_xml(apps[0], "alice", type, rest));
            CHECK(accepted(decision).message.msg_type == type);
        }
    }

    TEST_CASE("a menu click reaches the agent with its key, never as a slash command") {
        const auto click = accepted(decide_xml(event_xml(apps[0], "alice", "click", "menu_leave")));
        CHECK(click.message.kind == InboundKind::click);
        CHECK(click.message.event == "click");
        CHECK(click.message.event_key == "menu_leave");
        CHECK(click.message.text.empty());
    }

    TEST_CASE("codes, places and cards that a member chose reach the agent, in any case of Event") {
        for (const std::string event :
             {"scancode_push", "scancode_waitmsg", "location_select", "template_card_event",
              "template_card_menu_event", "TEMPLATE_CARD_EVENT"}) {
            CAPTURE(event);
            CHECK(name_of(decide_xml(event_xml(apps[0], "alice", event, "key"))) == "hr");
        }
    }

    TEST_CASE("a card's press may answer a question, and where choices are numbers a short text") {
        const auto may = [](const std::string& xml, ChoiceStyle style) {
            auto app = apps[0];
            app.choices = style;
            return may_answer(app, accepted(decide({apps[0], xml}, apps)).message);
        };
        const auto press = event_xml(apps[0], "alice", "template_card_event", "1");
        const auto click = event_xml(apps[0], "alice", "click", "1");
        const auto label = text_xml(apps[0], "alice", std::string(128, 'x'));
        const auto longer = text_xml(apps[0], "alice", std::string(129, 'x'));
        CHECK(may(press, ChoiceStyle::card));
        CHECK(may(press, ChoiceStyle::text));
        CHECK(may(label, ChoiceStyle::text));
        CHECK_FALSE(may(label, ChoiceStyle::card));
        CHECK_FALSE(may(longer, ChoiceStyle::text));
        CHECK_FALSE(may(click, ChoiceStyle::text));
    }

    TEST_CASE("events that no person means for the agent are acknowledged and dropped") {
        for (const std::string event :
             {"subscribe", "unsubscribe", "view", "view_miniprogram", "location", "pic_sysphoto",
              "pic_photo_or_album", "pic_weixin", "change_contact", "batch_job_result",
              "open_approval_change"}) {
            CAPTURE(event);
            check_ignored(decide_xml(event_xml(apps[0], "alice", event, "key")), "event/" + event);
        }
        check_ignored(decide_xml(event_xml(apps[0], "alice", "LOCATION", "")), "event/location");
        check_ignored(decide_xml(event_xml(apps[0], "alice", "click", "")), "event/click");
    }

    TEST_CASE("what WeCom says of the app itself is for the operator") {
        const auto about = [](const std::string& event) {
            return response(decide_xml(event_xml(apps[0], "sys", event, "")));
        };
        for (const auto* event : {"inactive_alert", "low_active_alert", "close_inactive_agent"}) {
            CAPTURE(event);
            CHECK(about(event).status == 200);
            CHECK(about(event).verdict == Verdict::warned);
            CHECK_FALSE(about(event).meaning.empty());
        }
        for (const auto* event : {"reopen_inactive_agent", "low_active", "active_restored"}) {
            CAPTURE(event);
            CHECK(about(event).verdict == Verdict::noted);
        }
    }

    TEST_CASE("a member who opens an app is told apart, and is none of the agent's business") {
        const auto entered =
            response(decide({apps[1], event_xml(apps[1], "Alice", "enter_agent", "")}, apps));
        CHECK(entered.status == 200);
        CHECK(entered.body == "success");
        CHECK(entered.verdict == Verdict::entered);
        CHECK(entered.app->name == "it");
        CHECK(entered.kind == InboundKind::enter_agent);
        CHECK(entered.sender->str() == "ww1234567890:Alice");
    }

    TEST_CASE("a notice from the user sys can't start a conversation") {
        check_ignored(decide_xml(event_xml(apps[0], "sys", "batch_job_result", "")),
                      "event/batch_job_result");
    }

    TEST_CASE("an event that belongs to no app is acknowledged and dropped") {
        SignedCallback callback{apps[0],
                                without_agent(event_xml(apps[0], "alice", "change_contact", ""))};
        callback.envelope_agent = "0";
        check_ignored(decide(callback, apps), "event/change_contact");
    }

    TEST_CASE("a blank text is acknowledged and dropped") {
        for (const char* text : {"", " \n\t ", "\xe3\x80\x80", " \xe3\x80\x80\n"}) {
            check_ignored(decide_xml(text_xml(apps[0], "alice", text)), "text");
        }
        check_ignored(decide_xml(inner_xml(apps[0], "alice", "text", "<MsgId>1</MsgId>")), "text");
    }

    TEST_CASE("a message of a type that is not known yet is acknowledged and named") {
        check_unknown(decide_xml(inner_xml(apps[0], "alice", "hologram", "<MsgId>1</MsgId>")),
                      "hologram");
        check_unknown(decide_xml(event_xml(apps[0], "alice", "new_in_2030", "")),
                      "event/new_in_2030");
        check_unknown(decide_xml(event_xml(apps[0], "alice", "", "")), "event/");
    }

    // --- whose messages reach the agent ---------------------------------------------------------

    TEST_CASE("a sender who is not admitted is acknowledged, and named for the log") {
        auto guarded = apps;
        guarded[0].access = std::get<Access>(Access::from_entries({"zhangsan"}, guarded[0].corp));
        const auto answer =
            response(decide({apps[0], text_xml(apps[0], "Mallory", "hello")}, guarded));
        CHECK(answer.status == 200);
        CHECK(answer.body == "success");
        CHECK(answer.verdict == Verdict::forbidden);
        CHECK(answer.app->name == "hr");
        CHECK(answer.sender->str() == "ww1234567890:Mallory");
        CHECK(name_of(decide({apps[0], text_xml(apps[0], "ZhangSan", "hello")}, guarded)) == "hr");
    }

    TEST_CASE("who is admitted in one corp is a stranger in another") {
        auto guarded = apps;
        for (auto& app : guarded) {
            app.access = std::get<Access>(Access::from_entries({"ww1234567890:alice"}, app.corp));
        }
        CHECK(name_of(decide({apps[0], text_xml(apps[0], "alice", "hello")}, guarded)) == "hr");
        CHECK(response(decide({apps[2], text_xml(apps[2], "alice", "hello")}, guarded)).verdict ==
              Verdict::forbidden);
    }

    TEST_CASE("a stranger who only opens the app is not worth a line in the log") {
        auto guarded = apps;
        guarded[0].access = Access::nobody();
        CHECK(response(decide({apps[0], event_xml(apps[0], "mallory", "enter_agent", "")}, guarded))
                  .verdict == Verdict::ignored);
    }

    // Acceptance and the key of a duplicate are one value, so that they can be one commit; the
    // name of an app plays no part in it.
    TEST_CASE("an app without a name accepts, and its key is marked with the event or not at all") {
        std::vector<App> unnamed{callback_app("", "ww1234567890", "1000002", "token-hr")};
        const SignedCallback callback{unnamed[0], text_xml(unnamed[0], "alice", "hello", "9")};
        const auto first = accepted(decide(callback, unnamed));
        const auto again = accepted(decide(callback, unnamed));
        CHECK(first.duplicate_key == "ww1234567890/1000002/id/9");
        CHECK(again.duplicate_key == first.duplicate_key);
    }
}
