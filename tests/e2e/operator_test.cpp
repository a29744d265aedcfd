#include <doctest/doctest.h>

#include <fstream>
#include <future>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

Finished send(const GatewayRig& rig, const std::string& chat, const std::string& account = {}) {
    std::vector<std::string> words{"send", "--config", rig.files.config().string(), "--chat",
                                   chat,   "--text",   "from the operator"};
    if (!account.empty()) {
        words.insert(words.end(), {"--account", account});
    }
    return run_host(words);
}

}  // namespace

TEST_SUITE("e2e/operator") {
    TEST_CASE("send works while the gateway runs, and without it") {
        GatewayRig rig;
        auto finished = send(rig, "ww2:alice");
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        CHECK(rig.answer("sales", "alice") == "from the operator");

        CHECK(send(rig, "ww1:alice", "it").exit_code == 0);
        CHECK(rig.answer("it", "alice") == "from the operator");

        CHECK(rig.gateway->stop() == 0);
        finished = send(rig, "ww1:bob", "hr");
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        CHECK(rig.answer("hr", "bob") == "from the operator");
        CHECK(rig.wecom.deliveries().size() == 3);
    }

    TEST_CASE("a gateway that starts leaves a command the request that it has under way") {
        GatewayRig rig;
        CHECK(rig.gateway->stop() == 0);
        CHECK(send(rig, "ww2:alice").exit_code == 0);
        rig.wecom.add_fault(sim::delayed(sim::Call::send_message, std::chrono::seconds(2), 1));
        // An equal text, which WeCom is told to take a second time: it would a third time too.
        auto sent = std::async(std::launch::async, [&] { return send(rig, "ww2:alice"); });
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.calls(sim::Call::send_message) == 2; },
                                     patience));
        const GatewayProcess gateway(rig.files.config());
        CHECK(sent.get().exit_code == 0);
        CHECK(send(rig, "ww2:alice", "sales").exit_code == 0);
        CHECK(rig.wecom.deliveries().size() == 3);
    }

    TEST_CASE("what waits at a gateway that runs is said to, with the reason") {
        GatewayRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 48002));
        CHECK(rig.write("sales", "alice", "hello"));
        CHECK(eventually([&] {
            return rig.files.log().find("app sales sends nothing until") != std::string::npos;
        }));
        const auto finished = run_host({"send", "--config", rig.files.config().string(), "--chat",
                                        "ww2:bob", "--text", "hi", "--timeout", "1"});
        CHECK(finished.exit_code == 0);
        check_told(finished.out,
                   "deferred: stored; the gateway that runs delivers it when it can: 48002: ");
    }

    TEST_CASE("what can't be resolved is refused with the candidates, and goes to nobody") {
        GatewayRig rig;
        for (const auto* chat : {"ww1:alice", "alice", "ww9:alice", "@all", "ww1:a|b"}) {
            CAPTURE(chat);
            const auto finished = send(rig, chat);
            CHECK(finished.exit_code == 1);
            CHECK(!finished.err.empty());
        }
        CHECK(rig.wecom.send_calls().empty());
    }

    TEST_CASE("a dead letter is listed, shown, retried and dropped beside a running gateway") {
        GatewayRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(send(rig, "ww2:alice").exit_code == 1);
        CHECK(send(rig, "ww2:bob").exit_code == 1);
        auto listed = rig.files.state({"dead", "list"});
        CAPTURE(listed.out);
        CHECK(listed.exit_code == 0);
        CHECK(listed.out.find("out-1") != std::string::npos);
        CHECK(listed.out.find("out-2") != std::string::npos);
        CHECK(rig.files.state({"dead", "show", "out-1"}).out.find("from the operator") !=
              std::string::npos);
        CHECK(rig.files.state({}).out.find("2") != std::string::npos);

        rig.wecom.clear_faults();
        CHECK(rig.files.state({"dead", "retry", "out-1"}).exit_code == 0);
        CHECK(rig.answer("sales", "alice") == "from the operator");
        CHECK(rig.files.state({"dead", "drop", "out-2"}).exit_code == 0);
        CHECK(rig.files.state({"dead", "list"}).out.find("out-") == std::string::npos);
        CHECK(rig.files.state({"dead", "drop", "out-2"}).exit_code == 1);
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.wecom.deliveries().size() == 1);
    }

    TEST_CASE("dead letters are put back by code, time and account in one go") {
        GatewayRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111, 2));
        CHECK(send(rig, "ww2:alice").exit_code == 1);
        CHECK(send(rig, "ww2:bob").exit_code == 1);
        const auto retry = [&](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(), {"dead", "retry"});
            return rig.files.state(arguments);
        };
        CHECK(retry({}).exit_code == 2);
        CHECK(retry({"--all", "out-1"}).exit_code == 2);
        CHECK(retry({"--code", "60111"}).exit_code == 2);
        CHECK(retry({"--all", "--code", "0"}).err.find("0 is no code") != std::string::npos);
        CHECK(retry({"--all", "--since", "yesterday"}).err.find("write 30m, 24h") !=
              std::string::npos);
        CHECK(retry({"--all", "--code", "60020"}).out == "0 dead letters will be tried again\n");
        CHECK(retry({"--all", "--account", "hr"}).out == "0 dead letters will be tried again\n");
        CHECK(retry({"--all", "--code", "60111", "--since", "1h", "--account", "sales"}).out ==
              "2 dead letters will be tried again\n");
        CHECK(rig.answer("sales", "alice") == "from the operator");
        CHECK(rig.answer("sales", "bob") == "from the operator");
    }

    TEST_CASE("an app's menu and what was sent are changed by the same command, beside a gateway") {
        GatewayRig rig;
        const auto change = [&](std::vector<std::string> words) {
            words.insert(words.begin(), {"send", "--config", rig.files.config().string()});
            return run_host(words);
        };
        const auto file = rig.files.directory() / "menu.json";
        std::ofstream(file)
            << R"({"button": [{"name": "Leave", "type": "click", "key": "leave"}]})";
        auto finished = change({"--account", "hr", "--menu", file.string()});
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        CHECK(finished.err.find("note: the agent will be told of the key `leave`") !=
              std::string::npos);
        CHECK(change({"--account", "hr", "--menu-show"}).out ==
              "{\"button\": [\n  {\"name\": \"Leave\", \"type\": \"click\", \"key\": "
              "\"leave\"}\n]}\n");
        std::ofstream(file, std::ios::trunc) << R"({"button": [{"name": "Leave"}, 1]})";
        finished = change({"--account", "hr", "--menu", file.string()});
        CHECK(finished.exit_code == 1);
        CHECK(finished.err.find("error: button[0].type is missing\nerror: button[1] must be") !=
              std::string::npos);
        CHECK(change({"--account", "hr", "--menu-delete"}).exit_code == 0);
        finished = change({"--account", "hr", "--menu-show"});
        CHECK(finished.exit_code == 1);
        CHECK(finished.err == "there is no menu\n");

        finished = change({"--chat", "ww2:alice", "--text", "to the wrong one"});
        const auto id = finished.out.substr(finished.out.find("message id ") + 11);
        CHECK(change({"--recall", id.substr(0, id.size() - 1)}).out == "taken back\n");
        CHECK(rig.wecom.entries().back().state == sim::EntryState::recalled);
    }

    TEST_CASE("one thing at a time is sent, set up or taken back, and each needs its own words") {
        GatewayRig rig;
        const auto exit_code = [&](std::vector<std::string> words) {
            words.insert(words.begin(), {"send", "--config", rig.files.config().string()});
            return run_host(words).exit_code;
        };
        CHECK(exit_code({}) == 2);
        CHECK(exit_code({"--text", "hi"}) == 2);
        CHECK(exit_code({"--menu-show", "--menu-delete", "--account", "hr"}) == 2);
        CHECK(exit_code({"--chat", "ww1:alice", "--text", "hi", "--recall", "1"}) == 2);
        CHECK(exit_code({"--menu", "no such file.json", "--account", "hr"}) == 2);
        CHECK(exit_code({"--menu-show"}) == 1);  // of which app?
        CHECK(rig.wecom.send_calls().empty());
    }

    TEST_CASE("what a member wrote cannot command the operator's terminal") {
        GatewayRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("hr", "alice", "one \x1b]0;owned\x07 \xc2\x9b[31m two"));
        CHECK(rig.wecom.wait_for_send_calls({}, 1, patience).size() == 1);
        CHECK(rig.gateway->stop() == 0);
        const auto shown = rig.files.state({"dead", "show", "out-1"}).out;
        CHECK(shown.find("two") != std::string::npos);
        for (const auto* command : {"\x1b", "\x07", "\xc2\x9b"}) {
            CHECK(shown.find(command) == std::string::npos);
        }
    }

    TEST_CASE("plugins list shows the platform, and its settings with their variables") {
        GatewayRig rig;
        const auto listed =
            run_host({"plugins", "list", "--config", rig.files.config().string(), "--settings"});
        CHECK(listed.exit_code == 0);
        CHECK(listed.out.find("wecom_callback") != std::string::npos);
        CHECK(listed.out.find("WECOM_CALLBACK_ENCODING_AES_KEY") != std::string::npos);
        CHECK(listed.out.find("secret-of-") == std::string::npos);
        const auto checked = run_host({"config", "check", "--config", rig.files.config().string()});
        CHECK(checked.exit_code == 0);
        CHECK(checked.out.find("ok") != std::string::npos);
    }
}

}  // namespace hermes::test
