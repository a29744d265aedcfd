// One message to many, as operators announce things.
#include <doctest/doctest.h>

#include <algorithm>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::seconds;

void let_all_broadcast(boost::json::object& settings) {
    settings["broadcast"] = true;
}

std::vector<std::string> who_got(const sim::WecomSimulator& wecom, const std::string& text) {
    std::vector<std::string> users;
    for (const auto& delivered : wecom.deliveries({.content = text})) {
        users.push_back(delivered.corp_id + ':' + delivered.user_id);
    }
    std::sort(users.begin(), users.end());
    return users;
}

}  // namespace

TEST_SUITE("broadcast") {
    TEST_CASE("a notice to a department or a tag is one request and reaches its members alone") {
        AdapterRig rig(let_all_broadcast);
        rig.start();
        rig.send_text("hr", "ww1:party/2", "to the department");
        rig.send_text("hr", "ww1:tag/3", "to the tag");
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(who_got(rig.wecom, "to the department") ==
              std::vector<std::string>{"ww1:alice", "ww1:bob"});
        CHECK(who_got(rig.wecom, "to the tag") == std::vector<std::string>{"ww1:bob"});
        CHECK(rig.wecom.send_calls().size() == 2);
    }

    TEST_CASE("a notice to everybody reaches one corp, also when it waited for the next start") {
        AdapterRig rig(let_all_broadcast);
        rig.start();
        rig.wecom.begin_outage();
        rig.send_text("sales", "ww2:all", "the office is closed");
        rig.stop();
        CHECK(rig.next_result().status == SendStatus::deferred);
        rig.wecom.end_outage();
        rig.restart();
        rig.deliver_in_time(62, std::chrono::seconds{2}, 5);  // it may have been tried by then
        const auto everybody = rig.wecom.deliveries({});
        CHECK(everybody.size() == 62);
        CHECK(std::ranges::all_of(everybody, [](const auto& one) { return one.corp_id == "ww2"; }));
        CHECK(rig.wecom.send_calls().size() == 1);
    }

    TEST_CASE("a department that has nobody fails at once, and pauses nothing") {
        AdapterRig rig(let_all_broadcast);
        rig.start();
        rig.send_text("hr", "ww1:party/77", "hello?");
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.platform_code == 81013);
        rig.send_text("hr", "ww1:alice", "hello");
        CHECK(rig.next_result().status == SendStatus::delivered);
    }

    TEST_CASE("a member whose id is that of everybody is welcomed alone") {
        AdapterRig rig(
            [](auto& settings) {
                let_all_broadcast(settings);
                settings["welcome"] = "hello";
            },
            {},
            [](auto& world) {
                world.members.push_back({"ww1", "all", "All"});
            });
        rig.start();
        REQUIRE(rig.wecom.write("hr", "all", sim::event_message("enter_agent")).acknowledged);
        const auto welcome = rig.wecom.wait_for_delivery({.app = "hr"}, patience);
        REQUIRE(welcome);
        CHECK(welcome->user_id == "all");
    }

    TEST_CASE("without `broadcast: true` nothing reaches more than one member") {
        AdapterRig rig([](boost::json::object& settings) {
            settings["apps"].as_array().at(1).as_object()["broadcast"] = true;  // it, not hr
        });
        rig.start();
        for (const auto* chat : {"ww1:all", "ww1:@all", "ww1:party/2", "ww1:tag/3"}) {
            CAPTURE(chat);
            rig.send_text("hr", chat, "hello all");
            const auto result = rig.next_result();
            CHECK(result.error == SendError::forbidden);
            CHECK(result.detail.find("`broadcast: true`") != std::string::npos);
        }
        CHECK(rig.wecom.send_calls().empty());
    }
}

}  // namespace hermes::test
