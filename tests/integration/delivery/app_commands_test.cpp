// What an operator does to an app by command: its menu, and messages to be taken back.
#include "operator/app_commands.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "integration/delivery/adapter_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::hours;
using std::chrono::minutes;
using Lines = std::vector<std::string>;

const std::string menu = R"({"button": [
  {"name": "请假", "type": "click", "key": "leave"},
  {"name": "More", "sub_button": [
    {"name": "Pay", "type": "click", "key": "pay"},
    {"name": "Web", "type": "view", "url": "https://example.com"}
  ]}
]})";

template <typename Act>
std::string refusal(Act act) {
    try {
        act();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "no refusal";
}

struct CommandRig : AdapterRig {
    using AdapterRig::AdapterRig;

    std::size_t recall(const std::string& message_id, const std::string& account = {}) {
        return wecom::recall_message(settings(), host.data_directory(), account, message_id);
    }
    std::string refused_recall(const std::string& message_id, const std::string& account = {}) {
        return refusal([&] { recall(message_id, account); });
    }
    // The message id that `send` prints.
    std::string sent(const std::string& account, const std::string& chat, const std::string& text) {
        send_text(account, chat, text);
        const auto result = next_result();
        REQUIRE(result.status == SendStatus::delivered);
        return result.message_id;
    }
    std::size_t recalled() const {
        std::size_t count = 0;
        for (const auto& entry : wecom.entries()) {
            count += entry.state == sim::EntryState::recalled ? 1 : 0;
        }
        return count;
    }
};

}  // namespace

TEST_SUITE("app commands") {
    TEST_CASE("a menu is set, shown as it was written, and removed, for one app alone") {
        CommandRig rig;
        const auto settings = rig.settings();
        CHECK_FALSE(wecom::show_menu(settings, "hr").has_value());
        wecom::set_menu(settings, "hr", menu);
        CHECK(wecom::show_menu(settings, "hr") == menu);
        CHECK_FALSE(wecom::show_menu(settings, "it").has_value());
        wecom::remove_menu(settings, "hr");
        CHECK_FALSE(wecom::show_menu(settings, "hr").has_value());
    }

    TEST_CASE("a key of which the agent would only be told the name is remarked on") {
        CommandRig rig(
            [](auto& settings) { settings["menu"] = boost::json::array{"leave=I want leave"}; });
        CHECK(wecom::set_menu(rig.settings(), "hr", menu) ==
              Lines{"the agent will be told of the key `pay` by its name: `menu` of app hr has no "
                    "text for it"});
    }

    TEST_CASE("a menu that is wrong is refused with all that is, and WeCom is not asked") {
        CommandRig rig;
        CHECK(refusal([&] {
                  wecom::set_menu(rig.settings(), "hr",
                                  R"({"button": [{"name": "A"}, {"type": "click", "key": "b"}]})");
              }) == "button[0].type is missing\nbutton[1].name is missing");
        CHECK(rig.wecom.gettoken_calls() == 0);
    }

    TEST_CASE("what WeCom refuses is told with its number and what to do") {
        CommandRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::create_menu, 60020));
        CHECK(refusal([&] {
                  wecom::set_menu(rig.settings(), "hr", menu);
              }).starts_with("app hr: 60020: this server's address 127.0.0.1 is not among"));
        CHECK(rig.wecom.menus().empty());
        rig.wecom.begin_outage();
        CHECK(refusal([&] {
                  wecom::show_menu(rig.settings(), "hr");
              }).starts_with("app hr: WeCom could not be reached"));
    }

    TEST_CASE("among several apps one must be named") {
        CommandRig rig;
        CHECK(refusal([&] { wecom::show_menu(rig.settings(), ""); }) ==
              "there are several apps: say which (hr, it, sales)");
        CHECK(refusal([&] { wecom::show_menu(rig.settings(), "nobody"); }) ==
              "no app is named nobody (there are: hr, it, sales)");
    }

    TEST_CASE("all parts of a message are taken back, by the id of any, from its member alone") {
        CommandRig rig;
        rig.start();
        const auto id = rig.sent("hr", "ww1:alice", std::string(5000, 'x'));
        rig.sent("hr", "ww1:alice", "stays");
        rig.sent("it", "ww1:alice", "stays too");
        const auto parts = rig.wecom.send_calls().size() - 2;
        REQUIRE(parts == 3);
        CHECK(rig.recall(id) == 3);
        CHECK(rig.recalled() == 3);
        rig.stop();  // and without a gateway
        CHECK(rig.recall(rig.wecom.send_calls().front().msgid) == 3);
    }

    TEST_CASE("what went to many is taken back from all of them") {
        CommandRig rig([](auto& settings) { settings["broadcast"] = true; });
        rig.start();
        CHECK(rig.recall(rig.sent("hr", "ww1:party/2", "lunch is here")) == 1);
        CHECK(rig.recalled() == 2);
    }

    TEST_CASE("a message that is not known here is taken back through the app that is named") {
        CommandRig rig;
        rig.start();
        const auto id = rig.sent("it", "ww1:alice", "hello");
        rig.stop();
        TempDirectory elsewhere;
        const auto recall_from_elsewhere = [&](const std::string& account) {
            return wecom::recall_message(rig.settings(), elsewhere.path().string(), account, id);
        };
        CHECK(refusal([&] { recall_from_elsewhere(""); }) ==
              "there are several apps: say which (hr, it, sales)");
        CHECK(refusal([&] { recall_from_elsewhere("hr"); }) ==
              "app hr has sent no message of the id " + id +
                  ": name the app that has, or look whether the id is right");
        CHECK(rig.recalled() == 0);
        CHECK(recall_from_elsewhere("it") == 1);
        CHECK(rig.recalled() == 1);
    }

    TEST_CASE("an id that nobody knows takes nothing back") {
        CommandRig rig;
        rig.start();
        rig.sent("hr", "ww1:alice", "hello");
        CHECK(rig.refused_recall("no-such-id", "hr").starts_with("app hr has sent no message"));
        CHECK(rig.refused_recall("", "hr").starts_with("app hr has sent no message"));
        CHECK(rig.refused_recall("\" or 1=1", "hr").starts_with("app hr has sent no message"));
        CHECK(rig.recalled() == 0);
    }

    TEST_CASE("after a day WeCom takes nothing back any more, and says so") {
        CommandRig rig;
        rig.start();
        const auto id = rig.sent("hr", "ww1:alice", "hello");
        rig.clock.advance(hours{24} + minutes{1});
        CHECK(rig.refused_recall(id) ==
              "app hr: 42052: the message was sent more than 24 hours ago: WeCom takes no older "
              "one back");
    }

    TEST_CASE("a recall that WeCom has no time for can be asked for again") {
        CommandRig rig;
        rig.start();
        const auto id = rig.sent("hr", "ww1:alice", std::string(5000, 'x'));
        rig.wecom.add_fault(sim::api_error(sim::Call::recall_message, -1, 1));
        CHECK(rig.refused_recall(id) == "app hr: -1: WeCom is busy: try again in a minute");
        rig.wecom.add_fault(sim::http_error(sim::Call::recall_message, 429, 1));
        CHECK(rig.refused_recall(id) ==
              "app hr: too many requests; try again in a minute (HTTP status 429)");
        CHECK(rig.recalled() == 0);
        CHECK(rig.recall(id) == 3);
        CHECK(rig.recalled() == 3);
    }
}

}  // namespace hermes::test
