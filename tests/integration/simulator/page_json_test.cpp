#include "simulator/page_server/page_json.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "fake_gateway.hpp"
#include "simulator/wecom/named_faults.hpp"

namespace hermes::test {

namespace {

namespace json = boost::json;

}  // namespace

TEST_SUITE("simulator/page_json") {
    TEST_CASE("a chat, its wire and the faults are there, and no secret is") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto written = wecom.write("hr", "lisi", sim::text_message("你好"));
        ApiCaller api(wecom.api_base());
        const auto token = api.access_token(*wecom.world().find_app("hr"));
        api.send(token, 1000002, "lisi", "hello");
        wecom.add_fault(sim::find_named_fault("busy")->fault);

        const auto snapshot = sim::json_of(wecom.snapshot());
        const auto text = json::serialize(snapshot);
        for (const auto& secret : {token, std::string("secret-hr"), std::string("tokenhr")}) {
            CHECK(text.find(secret) == std::string::npos);
        }
        CHECK(snapshot.at("corps").as_array().size() == 2);
        CHECK(snapshot.at("apps").as_array().size() == 3);
        CHECK(snapshot.at("members").as_array().size() == 3);
        CHECK(snapshot.at("api_is_up").as_bool());
        const auto& entries = snapshot.at("entries").as_array();
        REQUIRE(entries.size() == 2);
        CHECK(entries[0].at("from") == "member");
        CHECK(entries[0].at("content") == "你好");
        CHECK(entries[0].at("state") == "acknowledged");
        CHECK(entries[0].at("acknowledged_ms").is_int64());
        CHECK(entries[1].at("from") == "app");
        CHECK(entries[1].at("state") == "delivered");
        CHECK(entries[1].at("acknowledged_ms").is_null());
        const auto& steps = snapshot.at("steps").as_array();
        REQUIRE(steps.size() == 5);
        CHECK(steps[0].at("kind") == "callback_sent");
        CHECK(steps[0].at("entry") == written.entry);
        CHECK(steps[0].at("has_bytes").as_bool());
        const auto step = sim::json_with_bytes(*wecom.step(1));
        CHECK(step.at("plain").as_string().find("你好") != std::string::npos);
        const auto& fault = snapshot.at("active_faults").as_array().at(0);
        CHECK(fault.at("name") == "busy");
        CHECK(fault.at("left") == 2);
        CHECK(snapshot.at("faults").as_array().size() == sim::named_faults().size());
    }

    TEST_CASE("of a message that is not done all steps are there, however long ago they were") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        sim::Past past;
        for (const auto entry : {1U, 2U}) {
            past.entries.push_back({.number = entry, .app = "hr", .user_id = "lisi"});
        }
        wecom.go_on_from(past);
        for (const auto entry : {1U, 2U, 9U}) {  // the last is of no message that is shown
            wecom.note({.kind = sim::StepKind::committed, .app = "hr", .entry = entry});
            wecom.note({.kind = sim::StepKind::agent_begun, .app = "hr", .entry = entry});
        }
        wecom.note({.kind = sim::StepKind::agent_silent, .app = "hr", .entry = 1});
        for (int i = 0; i < 3000; ++i) {
            wecom.note({.kind = sim::StepKind::gateway_log, .app = "it", .entry = 3});
        }
        const auto snapshot = sim::json_of(wecom.snapshot());
        CHECK(snapshot.at("steps").as_array().size() < 3000);
        const auto& open = snapshot.at("open_steps").as_array();
        REQUIRE(open.size() == 2);
        CHECK(open[0].at("kind") == "committed");
        CHECK(open[1].at("kind") == "agent_begun");
        CHECK(open[1].at("entry") == 2);
    }

    TEST_CASE("what is no UTF-8 is replaced, so that the JSON is valid") {
        sim::WireStep step;
        step.response = "ok \xff\xc3( \xed\xa0\x80 \xf4\x90\x80\x80 \xe4\xbd\xa0 \xc0\x80 \xe4\xbd";
        const auto parsed = sim::json_with_bytes(step);
        CHECK(parsed.at("response") == "ok ��( ��� ���� 你 �� ��");
    }
}

}  // namespace hermes::test
