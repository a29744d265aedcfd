// What /metrics shows, and that the dashboard and the alerts ask for nothing else.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

std::string document(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(source_file("docs/monitoring/" + name)).rdbuf();
    REQUIRE_FALSE(text.str().empty());
    return text.str();
}

std::set<std::string> names_in(const std::string& text) {
    static const std::regex name("wecom_[a-z_]+");
    std::set<std::string> names;
    for (std::sregex_iterator found(text.begin(), text.end(), name), end; found != end; ++found) {
        names.insert(found->str());
    }
    return names;
}

struct Monitored : GatewayRig {
    std::string scrape() const {
        return fetch("GET", "http://127.0.0.1:" + std::to_string(files.port()) + "/metrics").body;
    }
    // Once the figures say so: they come a moment after what they count.
    bool shows(const std::string& line) const {
        const bool is_shown =
            eventually([&] { return scrape().find(line + '\n') != std::string::npos; });
        if (!is_shown) {
            MESSAGE(scrape());
        }
        return is_shown;
    }
};

}  // namespace

TEST_SUITE("e2e/monitoring") {
    TEST_CASE("a message is counted on its whole way, by app and with no member") {
        Monitored rig;
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "echo: hello");
        CHECK(rig.shows("wecom_callbacks_total{app=\"hr\",outcome=\"accepted\"} 1"));
        CHECK(rig.shows("wecom_agent_turn_seconds_count{app=\"hr\",outcome=\"answered\"} 1"));
        CHECK(rig.shows("wecom_agent_turns_under_way{app=\"hr\"} 0"));
        CHECK(rig.shows("wecom_delivery_attempts_total{app=\"hr\",code=\"0\"} 1"));
        CHECK(rig.shows("wecom_delivered_parts_total{app=\"hr\"} 1"));
        CHECK(rig.shows("wecom_reply_delivery_seconds_count{app=\"hr\"} 1"));
        CHECK(rig.shows("wecom_token_requests_total{app=\"hr\",outcome=\"given\"} 1"));
        CHECK(rig.shows("wecom_callback_seconds_count 1"));
        CHECK(rig.shows("wecom_store_available 1"));
        CHECK(rig.shows("wecom_delivered_parts_total{app=\"it\"} 0"));
        CHECK(rig.scrape().find("wecom_build_info{version=\"") != std::string::npos);
        CHECK(rig.scrape().find("alice") == std::string::npos);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("what fails is counted by WeCom's code, and what was set aside is still there") {
        Monitored rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("sales", "bob", "hello"));
        CHECK(rig.shows("wecom_delivery_attempts_total{app=\"sales\",code=\"60111\"} 1"));
        CHECK(rig.shows("wecom_failed_messages_total{app=\"sales\"} 1"));
        rig.gateway->stop();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(rig.shows("wecom_dead_letters{app=\"sales\",side=\"outbox\"} 1"));
        CHECK(rig.shows("wecom_failed_messages_total{app=\"sales\"} 0"));
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("every figure of the dashboard and of the alerts is in a scrape, and the reverse") {
        Monitored rig;
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "echo: hello");
        CHECK(rig.shows("wecom_delivery_attempts_total{app=\"hr\",code=\"0\"} 1"));
        const auto scrape = rig.scrape();
        const auto shown = names_in(scrape);
        auto asked = names_in(document("dashboard.json"));
        asked.merge(names_in(document("alerts.yaml")));
        for (const auto& name : asked) {
            CAPTURE(name);
            CHECK(shown.contains(name));
        }
        std::istringstream lines(scrape);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string mark;
            std::string type;
            std::string name;
            if (words >> mark >> type >> name && type == "TYPE") {
                CAPTURE(name);
                const auto used = asked.lower_bound(name);
                CHECK((used != asked.end() && used->starts_with(name)));
            }
        }
        CHECK(rig.gateway->stop() == 0);
    }
}

}  // namespace hermes::test
