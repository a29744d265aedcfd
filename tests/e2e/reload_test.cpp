// The operator changes the configuration of a gateway that runs.
#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <string>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

struct ReloadRig : GatewayRig {
    using GatewayRig::GatewayRig;

    void reload() { ::kill(gateway->pid(), SIGHUP); }
    bool logs(const std::string& words) {
        return eventually([&] { return files.log().find(words) != std::string::npos; });
    }
    Finished diff() { return run_host({"config", "diff", "--config", files.config().string()}); }
    host::simulator::World without(const std::string& app) {
        auto world = wecom.world();
        std::erase_if(world.apps, [&](const auto& one) { return one.name == app; });
        return world;
    }
};

}  // namespace

TEST_SUITE("e2e/reload") {
    TEST_CASE("a configuration that is wrong is refused with its sentences, and the old goes on") {
        ReloadRig rig;
        std::ofstream(rig.files.config(), std::ios::app) << "agnet: {}\n";
        rig.reload();
        CHECK(rig.logs("reload: agnet: unknown key, did you mean agent?"));
        CHECK(rig.logs("the gateway goes on with the old one, and would not start again"));
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "echo: hello");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("config diff says what a reload would change, and a reload changes it") {
        ReloadRig rig;
        CHECK(rig.diff().out == "the gateway runs with this configuration\n");
        CHECK(rig.diff().exit_code == 0);
        auto world = rig.without("it");
        for (auto& app : world.apps) {
            if (app.name == "hr") {
                app.corp_secret = base::Secret("another");
            }
        }
        rig.files.write(world, "stranger_reply: Ask IT.\nthreads: 3\n",
                        "agent:\n  kind: command\n  command: [cat]\n");
        const auto diff = rig.diff();
        CHECK(diff.exit_code == 1);
        const std::string extra = "platforms.wecom_callback.extra.";
        check_told(diff.out, "agent.kind: not set -> command\n");
        check_told(diff.out, extra + "apps[it]: gone\n");
        check_told(diff.out, extra + "apps[hr].corp_secret: another value\n");
        check_told(diff.out, extra + "stranger_reply: not set -> Ask IT.\n");
        check_told(diff.out, extra + "threads: 2 -> 3 (needs a restart)\n");
        check_told(diff.out, "to put it in force: systemctl restart hermes-gateway");
        CHECK(diff.out.find("secret-of-") == std::string::npos);

        rig.reload();
        CHECK(rig.logs(
            "reload: the configuration is in force, but for what needs a restart: see above"));
        check_told(rig.files.log(), "reload: " + extra + "apps[it]: gone");
        check_told(rig.files.log(), "reload: " + extra + "threads: 2 -> 3 (needs a restart)");
        CHECK(rig.files.log().find("secret-of-") == std::string::npos);
        CHECK_FALSE(rig.write("it", "alice", "anybody?"));
        const auto left = rig.diff();
        CHECK(left.exit_code == 1);
        CHECK(left.out.starts_with(extra + "threads: 2 -> 3 (needs a restart)\n"));
    }

    TEST_CASE("another agent answers from the next message on") {
        ReloadRig rig;
        CHECK(rig.write("hr", "alice", "one"));
        CHECK(rig.answer("hr", "alice") == "echo: one");
        rig.files.write(rig.wecom.world(), "",
                        "agent:\n  kind: command\n  command: [sh, -c, 'echo another']\n");
        check_told(rig.diff().out, "kill -HUP " + std::to_string(rig.gateway->pid()));
        rig.reload();
        CHECK(rig.logs("reload: the configuration is in force"));
        CHECK(rig.write("hr", "bob", "two"));
        CHECK(rig.answer("hr", "bob") == "another");
    }

    TEST_CASE("a reload without a change says so") {
        ReloadRig rig;
        rig.reload();
        CHECK(rig.logs("reload: nothing has changed; certificates were read anew"));
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("without a gateway that runs, config diff says what the next start takes") {
        ReloadRig rig;
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.diff().out.starts_with("no gateway runs with the data in "));
        CHECK(rig.diff().exit_code == 0);
    }
}

}  // namespace hermes::test
