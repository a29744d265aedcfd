// An administrator is told what has turned bad or good, and what was set aside: each once.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

// As from an address that is not among the app's trusted IPs.
sim::Fault refused(const std::string& app) {
    auto fault = sim::api_error(sim::Call::get_agent, 60020);
    fault.app = app;
    return fault;
}

// The second look shows that the first is over.
void wait_for_a_look(const GatewayRig& rig) {
    REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.gettoken_calls("it") > 1; }, patience));
}

constexpr const char* tells_sales = "watch: {every: 1s, tell: 'sales:ww2:alice'}\n";

}  // namespace

TEST_SUITE("e2e/watch") {
    TEST_CASE("an administrator reads when an app is refused, and when it is taken again") {
        GatewayRig rig("", tells_sales);
        const auto fault = rig.wecom.add_fault(refused("hr"));
        const auto bad = rig.answer("sales", "alice");
        check_told(bad, "Hermes gateway on ");
        check_told(bad, "FAILED: wecom_callback, app hr: permission to send: 60020");
        rig.wecom.remove_fault(fault);
        const auto good = rig.answer("sales", "alice");
        check_told(good, "good again: wecom_callback, app hr: permission to send");
        CHECK(good.find("FAILED") == std::string::npos);
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.wecom.deliveries({.app = "sales", .user_id = "alice"}).size() == 2);
        check_told(rig.files.log(), "warning [watch] FAILED: wecom_callback, app hr");
    }

    TEST_CASE("beside another platform the app says through which one it is told") {
        GatewayRig rig("", tells_sales);
        CHECK(rig.gateway->stop() == 0);
        std::ofstream(rig.files.config(), std::ios::app)
            << "  echo_platform:\n    enabled: true\n    extra: {port: 0}\n";
        rig.wecom.add_fault(refused("hr"));
        const GatewayProcess both(rig.files.config());
        check_told(rig.answer("sales", "alice"), "FAILED: wecom_callback, app hr");
    }

    TEST_CASE("what is set aside is told to a command, on its stdin and without secrets") {
        GatewayRig rig("",
                       "watch:\n  every: 1s\n"
                       "  command: [sh, -c, '(cat; env) > told.new; mv told.new told']\n",
                       {"WECOM_CALLBACK_DELIVERY_DEADLINE=1h"});
        wait_for_a_look(rig);
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40003));
        REQUIRE(rig.write("hr", "alice", "hello"));
        const auto told = rig.files.directory() / "told";
        REQUIRE(eventually([&] { return std::filesystem::exists(told); }));
        std::ostringstream read;
        read << std::ifstream(told).rdbuf();
        const auto text = read.str();
        check_told(text, "set aside: 1 message (1 in all)");
        CHECK(text.find("WECOM_CALLBACK_") == std::string::npos);
    }

    TEST_CASE("what is set aside and not told before the gateway ends is told after its restart") {
        GatewayRig rig("",
                       "watch:\n  every: 1h\n"
                       "  command: [sh, -c, 'cat > told.new; mv told.new told']\n",
                       {"WECOM_CALLBACK_DELIVERY_DEADLINE=1h"});
        REQUIRE(eventually([&] {
            return std::filesystem::exists(rig.files.directory() / "data" / "watch.json");
        }));
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40003));
        REQUIRE(rig.write("hr", "alice", "hello"));
        REQUIRE(eventually([&] { return rig.files.log().find("40003") != std::string::npos; }));
        CHECK(rig.gateway->stop() == 0);
        const auto told = rig.files.directory() / "told";
        CHECK_FALSE(std::filesystem::exists(told));
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        REQUIRE(eventually([&] { return std::filesystem::exists(told); }));
        std::ostringstream read;
        read << std::ifstream(told).rdbuf();
        check_told(read.str(), "set aside: 1 message (1 in all)");
    }

    TEST_CASE("of a notice that is refused no other notice is made") {
        GatewayRig rig("", tells_sales, {"WECOM_CALLBACK_DELIVERY_DEADLINE=1h"});
        wait_for_a_look(rig);
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40003));
        REQUIRE(rig.write("hr", "alice", "hello"));
        REQUIRE(rig.wecom.wait_until(
            [&] { return rig.wecom.send_calls({.app = "sales"}).size() == 1; }, patience));
        const auto looks = rig.wecom.gettoken_calls("it");
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.gettoken_calls("it") > looks + 3; },
                                     patience));
        CHECK(rig.wecom.send_calls({.app = "sales"}).size() == 1);
        CHECK(rig.files.log().find("2 in all") == std::string::npos);
    }

    TEST_CASE("a stop does not wait for a look that takes long") {
        GatewayRig rig("", tells_sales);
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang));
        const auto before = rig.wecom.gettoken_calls();
        REQUIRE(
            rig.wecom.wait_until([&] { return rig.wecom.gettoken_calls() > before; }, patience));
        const auto begun = std::chrono::steady_clock::now();
        CHECK(rig.gateway->stop() == 0);
        CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(9));
    }

    TEST_CASE("a command that can't tell is named in the log") {
        GatewayRig rig("", "watch: {every: 1s, command: [/no/such/program]}\n");
        rig.wecom.add_fault(refused("hr"));
        REQUIRE(eventually(
            [&] { return rig.files.log().find("nobody has been told") != std::string::npos; }));
        check_told(rig.files.log(), "watch.command: nobody has been told: it could not be started");
    }
}

}  // namespace hermes::test
