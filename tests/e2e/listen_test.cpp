// `doctor --listen`: an administrator presses Save, and reads what came of it.
#include <doctest/doctest.h>

#include <csignal>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

// A WeCom whose console has these values, and a listener with those of the configuration.
struct Console {
    explicit Console(const std::function<void(sim::World&)>& change = {})
        : wecom(three_apps_world()), files(changed(change), GatewayRig::started(wecom)) {
        for (const auto& app : wecom.world().apps) {
            wecom.set_callback_url(app.name, files.callback_url());
        }
    }

    sim::World changed(const std::function<void(sim::World&)>& change) const {
        auto world = wecom.world();
        if (change) {
            change(world);
        }
        return world;
    }
    std::vector<std::string> listen() const {
        return {"doctor", "--listen", "--config", files.config().string()};
    }

    sim::WecomSimulator wecom;
    GatewayFiles files;
};

}  // namespace

TEST_SUITE("e2e/listen") {
    TEST_CASE("it waits for Save, says of each app that it was right, and ends after the last") {
        Console console;
        RunningCommand listener(console.listen());
        check_told(listener.wait_for("listening: "), "for the URL of app hr, it, sales");
        for (const std::string app : {"hr", "it", "sales"}) {
            CHECK(console.wecom.verify_url(app).verified);
            check_told(listener.wait_for("app " + app + ": right"),
                       "ok       wecom_callback, GET from 127.0.0.1: app " + app +
                           ": right, answered in ");
        }
        check_told(listener.wait_for("start the gateway now"), "the right answer for every app");
        CHECK(listener.wait() == 0);
        CHECK_FALSE(std::filesystem::exists(console.files.directory() / "data"));
    }

    TEST_CASE("a Token, a key and a path that differ from the console's are each told") {
        Console console([](sim::World& world) {
            world.apps[0].callback_token = base::Secret("anotherToken");
            world.apps[1].encoding_aes_key =
                base::Secret("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
        });
        console.wecom.set_callback_url("sales", console.files.callback_url() + "s");
        RunningCommand listener(console.listen());
        listener.wait_for("listening: ");
        CHECK_FALSE(console.wecom.verify_url("hr").verified);
        check_told(listener.wait_for("Token of any app"),
                   "FAILED   wecom_callback, GET from 127.0.0.1: it is not signed with");
        CHECK_FALSE(console.wecom.verify_url("it").verified);
        check_told(listener.wait_for("does not open"), "app it: the Token is right");
        CHECK_FALSE(console.wecom.verify_url("sales").verified);
        check_told(listener.wait_for("asks for"),
                   "it asks for /wecom/callbacks, and the callback URL's "
                   "path is /wecom/callback");
        CHECK(listener.stop(SIGINT) == 1);
    }

    TEST_CASE("a member's message that comes meanwhile is not lost") {
        Console console;
        RunningCommand listener(console.listen());
        listener.wait_for("listening: ");
        CHECK_FALSE(console.wecom.write("hr", "alice", sim::text_message("hello")).acknowledged);
        check_told(listener.wait_for("start the gateway soon"),
                   "POST from 127.0.0.1: app hr: a callback as it should be, not taken");
        CHECK(listener.stop(SIGTERM) == 1);
    }

    TEST_CASE("beside a running gateway it says what to do") {
        GatewayRig rig;
        const auto finished =
            run_host({"doctor", "--listen", "--config", rig.files.config().string()});
        CHECK(finished.exit_code == 1);
        check_told(finished.err, "cannot listen on ");
        check_told(finished.err, "a running gateway has to be stopped while you listen");
        CHECK(rig.gateway->stop() == 0);
    }
}

}  // namespace hermes::test
