// What the simulator answers about an app and its members.
#include <doctest/doctest.h>

#include "base/guarded.hpp"
#include "fake_gateway.hpp"
#include "support/manual_clock.hpp"

namespace hermes::host::simulator {

namespace {

using hermes::test::ApiCaller;
using hermes::test::ApiReply;
using hermes::test::ManualClock;
using hermes::test::SilentGateway;

class CallsRig {
public:
    // `callbacks`: the port that they go to; nobody listens at 9.
    explicit CallsRig(std::uint16_t callbacks = 9)
        : wecom(world(callbacks), {.clock = clock.clock()}),
          api((wecom.start(), wecom.api_base())) {}

    ApiReply call(const std::string& path, const std::string& app = "hr") {
        return api.get("/cgi-bin/" + path + "&access_token=" + token(app));
    }
    ApiReply set_menu(const std::string& body, const std::string& app = "hr") {
        return api.post("/cgi-bin/menu/create?agentid=1000002&access_token=" + token(app), body,
                        "application/json");
    }
    std::int64_t recall(const std::string& msgid, const std::string& app = "hr") {
        return api
            .post("/cgi-bin/message/recall?access_token=" + token(app),
                  R"({"msgid":")" + msgid + "\"}", "application/json")
            .errcode();
    }
    std::string token(const std::string& app) {
        return api.access_token(*wecom.world().find_app(app));
    }

    ManualClock clock;
    WecomSimulator wecom;
    ApiCaller api;

private:
    static World world(std::uint16_t callbacks) {
        auto world = hermes::test::small_world(callbacks);
        world.members.at(1).name.clear();
        world.apps.at(1).reports_entering = false;
        return world;
    }
};

std::string leaf(const std::string& members) {
    return R"({"button":[{)" + members + "}]}";
}

std::string click(std::size_t name, std::size_t key) {
    return R"("name":")" + std::string(name, 'n') + R"(","type":"click","key":")" +
           std::string(key, 'k') + '"';
}

}  // namespace

TEST_SUITE("simulator/app_calls") {
    TEST_CASE("a member has a name, unless WeCom keeps it to itself") {
        CallsRig rig;
        CHECK(rig.call("user/get?userid=zhangsan").member("name") == "张三");
        CHECK(rig.call("user/get?userid=zhangsan").member("userid") == "ZhangSan");
        CHECK(rig.call("user/get?userid=zhangsan", "sales").member("name") == "张三丰");
        CHECK(rig.call("user/get?userid=lisi").errcode() == 0);
        CHECK(rig.call("user/get?userid=lisi").member("name").empty());
        CHECK(rig.call("user/get?userid=nobody").errcode() == 60111);
        CHECK(rig.call("user/get?x=").errcode() == 60111);
    }

    TEST_CASE("an app says whether it is told who opens it") {
        CallsRig rig;
        CHECK(rig.call("agent/get?agentid=1000002").member("isreportenter") == "1");
        CHECK(rig.call("agent/get?agentid=1000003", "it").member("isreportenter") == "0");
    }

    TEST_CASE("a menu is kept as it was set, each app's own, until it is deleted") {
        CallsRig rig;
        CHECK(rig.call("menu/get?agentid=1000002").errcode() == 46003);
        const std::string menu = leaf(click(3, 3));
        CHECK(rig.set_menu(menu).errcode() == 0);
        CHECK(rig.call("menu/get?agentid=1000002").member("button") ==
              menu.substr(10, menu.size() - 11));
        CHECK(rig.call("menu/get?agentid=1000003", "it").errcode() == 46003);
        CHECK(rig.wecom.menus().contains("hr"));
        CHECK(rig.call("menu/delete?agentid=1000002").errcode() == 0);
        CHECK(rig.call("menu/get?agentid=1000002").errcode() == 46003);
        CHECK(rig.wecom.menus().empty());
    }

    TEST_CASE("the menu of another app, or of none, is nobody's to change") {
        CallsRig rig;
        CHECK(rig.set_menu(leaf(click(1, 1)), "it").errcode() == 301002);
        CHECK(rig.call("menu/get?agentid=7").errcode() == 40056);
        CHECK(rig.call("menu/delete?x=").errcode() == 41011);
        CHECK(rig.wecom.menus().empty());
    }

    TEST_CASE("a menu beyond WeCom's rules is refused with WeCom's number") {
        CallsRig rig;
        const auto code = [&](const std::string& body) { return rig.set_menu(body).errcode(); };
        CHECK(code("menu") == 47001);
        CHECK(code("{}") == 40016);
        CHECK(code(R"({"button":[]})") == 40016);
        CHECK(code(R"({"button":[{},{},{},{}]})") == 40016);
        CHECK(code(leaf(R"("type":"click","key":"k")")) == 41102);
        CHECK(code(leaf(R"("name":"n","type":"clack","key":"k")")) == 40017);
        CHECK(code(leaf(click(17, 1))) == 40018);
        CHECK(code(leaf(click(1, 0))) == 40019);
        CHECK(code(leaf(click(1, 129))) == 40019);
        CHECK(code(leaf(R"("name":"n","type":"view","url":"example.com")")) == 40055);
        const auto below = [&](const std::string& list) {
            return code(leaf(R"("name":"n","sub_button":[)" + list + ']'));
        };
        CHECK(below('{' + click(40, 128) + '}') == 0);
        CHECK(below('{' + click(41, 1) + '}') == 40025);
        CHECK(below('{' + click(1, 129) + '}') == 40026);
        CHECK(below("{},{},{},{},{},{}") == 40023);
        CHECK(below(R"({"name":"n","sub_button":[{"name":"n"}]})") == 40022);
    }

    TEST_CASE(
        "a message is taken back from all who got it, within a day, by the app that sent it") {
        CallsRig rig;
        const auto sent = rig.api.send(rig.token("hr"), 1000002, "@all", "oops").member("msgid");
        rig.api.send(rig.token("hr"), 1000002, "lisi", "stays");
        CHECK(rig.recall(sent, "it") == 40058);
        CHECK(rig.recall("", "hr") == 40058);
        rig.clock.advance(std::chrono::hours{23});
        CHECK(rig.recall(sent) == 0);
        std::string states;
        for (const auto& entry : rig.wecom.entries()) {
            states += std::string(to_string(entry.state)) + ' ';
        }
        CHECK(states == "recalled recalled delivered ");
        rig.clock.advance(std::chrono::hours{2});
        CHECK(rig.recall(sent) == 42052);
    }

    TEST_CASE("what goes to many, and what an operator does, belongs to no message") {
        CallsRig rig;
        const auto asked = [&] {
            rig.wecom.write_async("hr", "lisi", text_message("hello"), [](const auto&) {});
            return rig.wecom.entries().back().number;
        }();
        rig.wecom.note(
            {.kind = StepKind::attempted, .app = "hr", .user_id = "lisi", .entry = asked});
        const auto seen = rig.wecom.steps().back().sequence;
        rig.set_menu(leaf(click(1, 1)));
        rig.recall(rig.api.send(rig.token("hr"), 1000002, "@all", "to all").member("msgid"));
        for (const auto& step : rig.wecom.steps(seen)) {
            if (step.kind == StepKind::api_called || step.kind == StepKind::message_sent ||
                step.kind == StepKind::delivered) {
                CAPTURE(step.summary);
                CHECK(step.entry == 0);
            }
        }
        for (const auto& entry : rig.wecom.entries()) {
            CHECK(entry.answers == 0);
        }
    }

    TEST_CASE("of a member's events those that are on their way are known, the oldest first") {
        SilentGateway gateway;
        CallsRig rig(gateway->port());
        const auto ignore = [](const auto&) {};
        rig.wecom.write_async("hr", "lisi", text_message("hello"), ignore);
        rig.wecom.write_async("hr", "lisi", event_message("enter_agent"), ignore);
        rig.wecom.write_async("hr", "lisi", event_message("click", "a"), ignore);
        rig.wecom.write_async("hr", "lisi", event_message("click", "b"), ignore);
        const auto last = rig.wecom.entries().back().number;
        CHECK(rig.wecom.event_under_way("hr", "LiSi", 0) == last - 1);
        CHECK(rig.wecom.event_under_way("hr", "lisi", last - 1) == last);
        CHECK(rig.wecom.event_under_way("hr", "lisi", last) == 0);
        CHECK(rig.wecom.event_under_way("it", "lisi", 0) == 0);
    }

    TEST_CASE("who watches is told of a menu and of what was taken back") {
        CallsRig rig;
        hermes::test::Mailbox<std::string> told;
        rig.wecom.observe(
            {.on_entry =
                 [&](const ChatEntry& entry) { told.put(std::string(to_string(entry.state))); },
             .on_menus = [&] { told.put("menus"); }});
        rig.set_menu(leaf(click(1, 1)));
        CHECK(told.take() == "menus");
        rig.recall(rig.api.send(rig.token("hr"), 1000002, "lisi", "oops").member("msgid"));
        CHECK(told.take() == "delivered");
        CHECK(told.take() == "recalled");
    }
}

}  // namespace hermes::host::simulator
