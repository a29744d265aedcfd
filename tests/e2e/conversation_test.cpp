#include <doctest/doctest.h>

#include <ctime>

#include <fstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace sim = host::simulator;

TEST_SUITE("e2e/conversation") {
    TEST_CASE("every member gets the answer in the app and the corp in which they wrote") {
        GatewayRig rig;
        for (const auto* app : {"hr", "it", "sales"}) {
            REQUIRE(rig.wecom.verify_url(app).verified);
        }
        for (const auto* user : {"alice", "bob"}) {
            for (const auto* app : {"hr", "it", "sales"}) {
                CHECK(rig.write(app, user, std::string("你好 from ") + user + " to " + app));
            }
        }
        for (const auto* user : {"alice", "bob"}) {
            for (const auto* app : {"hr", "it", "sales"}) {
                CHECK(rig.answer(app, user) ==
                      std::string("echo: 你好 from ") + user + " to " + app);
            }
        }
        CHECK(rig.wecom.deliveries().size() == 6);
        for (const auto& call : rig.wecom.send_calls()) {
            CHECK(call.errcode == 0);
            CHECK(call.to_user.find_first_of("@|") == std::string::npos);
        }
        CHECK(rig.wecom.gettoken_calls() == 3);  // one an app
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a conversation survives a restart, and nothing is answered twice") {
        GatewayRig rig;
        CHECK(rig.write("hr", "alice", "one"));
        CHECK(rig.answer("hr", "alice") == "echo: one");
        CHECK(rig.gateway->stop() == 0);
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(rig.write("hr", "alice", "two"));
        CHECK(rig.answer("hr", "alice") == "echo: two");
        CHECK(rig.wecom.deliveries().size() == 2);
        CHECK(rig.wecom.gettoken_calls("hr") == 1);
    }

    TEST_CASE("each app is answered by the agent that it has, the others by the general one") {
        GatewayRig rig({},
                       "agent: {kind: command, command: [echo, general]}\n"
                       "agents:\n"
                       "  - {accounts: [hr], kind: command, command: [echo, people]}\n"
                       "  - {accounts: [wecom_callback/sales], kind: echo}\n");
        for (const auto* app : {"hr", "it", "sales"}) {
            CHECK(rig.write(app, "alice", "hello"));
        }
        CHECK(rig.answer("hr", "alice") == "people");
        CHECK(rig.answer("it", "alice") == "general");
        CHECK(rig.answer("sales", "alice") == "echo: hello");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a member who waits is told that work goes on, and then gets the answer") {
        GatewayRig rig({},
                       "agent: {kind: command, command: [sh, -c, 'sleep 3; echo done'],"
                       " notice_after: 1s, notice_every: 1h, notice_en: One moment}\n");
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "One moment");
        CHECK(rig.answer("hr", "alice") == "done");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("commands are answered at once while the agent works, and /stop ends its turn") {
        GatewayRig rig({}, "agent: {kind: command, command: [sleep, '600'], notice_after: 0}\n");
        CHECK(rig.write("hr", "alice", "a long question"));
        CHECK(rig.write("hr", "alice", "/status"));
        CHECK(rig.answer("hr", "alice").size() > 10);
        CHECK(rig.write("hr", "alice", "/stop"));
        CHECK(rig.answer("hr", "alice").size() > 5);
        CHECK(rig.write("hr", "alice", "/status"));
        CHECK(rig.answer("hr", "alice").size() > 5);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE(
        "commands are answered at once also behind 40 messages of the chat, after a restart too") {
        GatewayRig rig({}, "agent: {kind: command, command: [sleep, '600'], notice_after: 0}\n");
        for (int i = 0; i < 40; ++i) {
            CHECK(rig.write("hr", "alice", "question " + std::to_string(i)));
        }
        CHECK(rig.write("hr", "alice", "/status"));
        CHECK(rig.answer("hr", "alice").find("messages are waiting") != std::string::npos);
        CHECK(rig.gateway->stop() == 0);
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(rig.write("hr", "alice", "/stop"));
        CHECK(rig.answer("hr", "alice").size() > 5);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a message in work when the gateway is killed is worked on again") {
        // The agent answers only in its second attempt.
        GatewayRig rig({},
                       "agent: {kind: command, command: [python3, -c, \"import json,signal,sys\\n"
                       "e=json.load(sys.stdin)\\n"
                       "e['attempt'] == 1 and signal.pause()\\n"
                       "print('attempt', e['attempt'])\"]}\n");
        CHECK(rig.write("hr", "alice", "question"));
        CHECK(rig.write("hr", "alice", "/status"));  // its answer proves that the turn is running
        CHECK(rig.answer("hr", "alice").size() > 5);
        rig.gateway->kill();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        // Killed in the moment in which WeCom had taken the status, it may come once more.
        CHECK(rig.wecom.wait_for_delivery({.user_id = "alice", .content = "attempt 2"}, patience));
    }

    TEST_CASE("a failing agent is one polite line for the member, with nothing internal") {
        GatewayRig rig({},
                       "agent: {kind: command, command: [sh, -c, 'echo secret >&2; exit 3']}\n");
        CHECK(rig.write("hr", "alice", "question"));
        const auto answer = rig.answer("hr", "alice");
        CHECK(answer.size() > 10);
        CHECK(answer.find("secret") == std::string::npos);
        CHECK(answer.find("exit") == std::string::npos);
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.files.log().find("secret") != std::string::npos);
    }

    TEST_CASE("WeCom's retries of one callback are one turn, also across a restart") {
        GatewayRig rig;
        auto fault = sim::connection_fault(sim::FaultKind::lost_answer, sim::Call::callback, 2);
        rig.wecom.add_fault(fault);
        CHECK(rig.write("hr", "alice", "once"));
        CHECK(rig.answer("hr", "alice") == "echo: once");

        // The same callback, once more after a restart.
        const auto xml =
            "<xml><ToUserName>ww1</ToUserName><FromUserName>bob</FromUserName><CreateTime>" +
            std::to_string(std::time(nullptr)) +
            "</CreateTime><MsgType>text</MsgType><Content>again</Content><MsgId>77</MsgId>"
            "<AgentID>1000002</AgentID></xml>";
        const auto post = [&] {
            const auto callback = rig.wecom.prepare_callback("hr", xml);
            return fetch("POST", callback.url, callback.body).status;
        };
        CHECK(post() == 200);
        CHECK(rig.answer("hr", "bob") == "echo: again");
        CHECK(rig.gateway->stop() == 0);
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(post() == 200);
        CHECK(rig.write("hr", "bob", "marker"));
        CHECK(rig.answer("hr", "bob") == "echo: marker");
        CHECK(rig.wecom.deliveries({.user_id = "bob"}).size() == 2);
    }
}

}  // namespace hermes::test
