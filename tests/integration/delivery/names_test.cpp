// What members are called: asked of WeCom beside everything else, and remembered.
#include <doctest/doctest.h>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::minutes;

// Alice is called so in ww1, otherwise in ww2, and WeCom keeps bob's name to itself.
void name_them(sim::World& world) {
    for (auto& member : world.members) {
        if (member.user_id == "alice") {
            member.name = member.corp_id == "ww1" ? "李爱丽" : "Alice Chen";
        } else if (member.user_id == "bob") {
            member.name.clear();
        }
    }
}

struct NamesRig : AdapterRig {
    NamesRig() : AdapterRig({}, {}, name_them) { start(); }

    std::string name_on_next(const std::string& app, const std::string& user) {
        const auto event = hear(app, user, "hello");
        adapter->settle(event.id);  // no more than 32 of a chat are open at a time
        return event.user_name;
    }
    // The answer comes on another thread than the messages: some of them may be faster.
    bool is_called(const std::string& app, const std::string& user, const std::string& name) {
        return eventually([&] { return name_on_next(app, user) == name; });
    }
    std::size_t lookups() const { return wecom.calls(sim::Call::get_user); }
};

}  // namespace

TEST_SUITE("names") {
    TEST_CASE("the first message has the member's id, later ones the name") {
        NamesRig rig;
        const auto first = rig.hear("hr", "alice", "hello");
        CHECK(first.user_name == "alice");
        CHECK(first.user_id == "alice");
        CHECK(rig.is_called("hr", "alice", "李爱丽"));
        CHECK(rig.is_called("sales", "alice", "Alice Chen"));
        CHECK(rig.name_on_next("hr", "ALICE") == "李爱丽");
        CHECK(rig.lookups() == 2);
    }

    TEST_CASE("a name is asked for once a day, also across restarts") {
        NamesRig rig;
        REQUIRE(rig.is_called("hr", "alice", "李爱丽"));
        rig.restart();
        REQUIRE(rig.is_called("hr", "alice", "李爱丽"));
        CHECK(rig.lookups() == 1);
        rig.clock.advance(hours{25});
        CHECK(rig.name_on_next("hr", "alice") == "李爱丽");  // the old one, meanwhile
        CHECK(rig.wecom.wait_until([&] { return rig.lookups() == 2; }, patience));
    }

    TEST_CASE("where WeCom withholds the name the id stands for it, and WeCom is not pestered") {
        NamesRig rig;
        CHECK(rig.name_on_next("hr", "bob") == "bob");
        CHECK(rig.wecom.wait_until([&] { return rig.lookups() == 1; }, patience));
        for (int i = 0; i < 20; ++i) {
            CHECK(rig.name_on_next("hr", "bob") == "bob");
        }
        CHECK(rig.lookups() == 1);
    }

    TEST_CASE("a member whom the app may not look up keeps the id, and is asked for once a day") {
        NamesRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::get_user, 60011));
        CHECK(rig.name_on_next("hr", "alice") == "alice");
        CHECK(rig.wecom.wait_until([&] { return rig.lookups() == 1; }, patience));
        for (int i = 0; i < 20; ++i) {
            CHECK(rig.name_on_next("hr", "alice") == "alice");
        }
        rig.restart();
        for (int i = 0; i < 20; ++i) {
            CHECK(rig.name_on_next("hr", "alice") == "alice");
        }
        CHECK(rig.lookups() == 1);
        // Messages to her were never in doubt.
        rig.send_text("hr", "ww1:alice", "hi");
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.gettoken_calls("hr") == 1);
    }

    TEST_CASE("nothing waits for a name that does not come, and it is tried again after a while") {
        NamesRig rig;
        const auto fault =
            rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang, sim::Call::get_user));
        for (int i = 0; i < 5; ++i) {
            const auto event = rig.hear("hr", "alice", "hello");
            CHECK(event.user_name == "alice");
            rig.reply(event, "answer " + std::to_string(i));
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(rig.lookups() == 1);
        rig.restart();  // ends the one that hangs
        rig.wecom.remove_fault(fault);
        rig.clock.advance(minutes{11});
        CHECK(rig.is_called("hr", "alice", "李爱丽"));
    }

    TEST_CASE("a secret that WeCom refuses is not asked about for each name") {
        AdapterRig rig([](auto& settings) {
            settings["apps"].as_array()[0].as_object()["corp_secret"] = "wrong-secret";
        });
        rig.start();
        for (int i = 0; i < 60; ++i) {  // an hour
            const auto asked = rig.wecom.gettoken_calls();
            rig.hear("hr", "member" + std::to_string(i), "hello");
            rig.wecom.wait_until([&] { return rig.wecom.gettoken_calls() > asked; },
                                 std::chrono::milliseconds{50});
            rig.clock.advance(minutes{1});
        }
        CHECK(rig.wecom.gettoken_calls() >= 2);
        CHECK(rig.wecom.gettoken_calls() <= 7);
    }

    TEST_CASE("a dead token is not the end of a name") {
        NamesRig rig;
        rig.send_text("hr", "ww1:bob", "hi");
        REQUIRE(rig.next_result().status == SendStatus::delivered);
        rig.wecom.revoke_access_token("hr");
        CHECK(rig.name_on_next("hr", "alice") == "alice");
        CHECK(rig.wecom.wait_until([&] { return rig.lookups() == 1; }, patience));
        rig.clock.advance(minutes{11});
        CHECK(rig.is_called("hr", "alice", "李爱丽"));
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
    }
}

}  // namespace hermes::test
