#include "simulator/world_settings.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "config/yaml_file.hpp"
#include "output/exit_code.hpp"
#include "simulator/demo_world.hpp"

namespace hermes::host::simulator {

namespace {

SettingsMap map_of(const boost::json::object& object) {
    SettingsMap settings;
    for (const auto& [key, value] : object) {
        if (const auto* number = value.if_int64()) {
            settings.values.emplace(key, *number);
        } else if (const auto* text = value.if_string()) {
            settings.values.emplace(key, std::string(*text));
        } else if (key != "apps") {
            settings.values.emplace(key, boost::json::value_to<std::vector<std::string>>(value));
        }
    }
    return settings;
}

// What the plugin would be given for an `extra` of this JSON text.
PlatformSettings settings(const std::string& text) {
    const auto object = boost::json::parse(text).as_object();
    PlatformSettings settings{map_of(object), {}};
    if (const auto* apps = object.if_contains("apps")) {
        for (const auto& app : apps->as_array()) {
            settings.entries.push_back(map_of(app.as_object()));
        }
    }
    return settings;
}

const std::string one_app = R"("corp_id":"ww_a","corp_secret":"s","agent_id":1000002,"token":"t",)"
                            R"("encoding_aes_key":"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")";

std::string single(const std::string& more = {}) {
    return "{" + one_app + R"(,"host":"0.0.0.0","port":8645,"path":"/wecom/callback")" + more + "}";
}

std::string with_apps(const std::string& second, const std::string& more = {}) {
    return R"({"host":"::","port":8645,"path":"/cb","apps":[{"name":"hr",)" + one_app +
           R"(},{"name":"b","corp_id":"ww_b","corp_secret":"s","agent_id":7,"token":"t",)"
           R"("encoding_aes_key":"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")" +
           second + "}]" + more + "}";
}

World world_of(const std::string& text) {
    const auto object = settings(text);
    return world_of_settings(object, gateway_address(object));
}

}  // namespace

TEST_SUITE("simulator/world_settings") {
    TEST_CASE("the short form is a world of one app, reached over loopback") {
        auto world = world_of(single());
        check_world(world);
        REQUIRE(world.apps.size() == 1);
        CHECK(world.apps[0].name == "default");
        CHECK(world.apps[0].agent_id == 1000002);
        CHECK(world.apps[0].callback_url == "http://127.0.0.1:8645/wecom/callback");
        CHECK(world.members.empty());
        add_sample_members(world);
        CHECK(world.find_member("ww_a", "zhangsan")->name == "张三");
    }

    TEST_CASE("several apps keep their names and corps") {
        const auto world = world_of(with_apps(""));
        CHECK(world.corps.size() == 2);
        CHECK(world.find_app("hr")->corp_id == "ww_a");
        CHECK(world.find_app("ww_b", 7)->name == "b");
        CHECK(world.find_app("b")->callback_url == "http://127.0.0.1:8645/cb");
    }

    TEST_CASE("who is allowed by name is a member of that corp") {
        const auto world = world_of(with_apps(R"(,"allowed_users":["wangwu"])",
                                              R"(,"allowed_users":["ww_a:lisi","ww_b:*"])"));
        CHECK(world.members.size() == 2);
        CHECK(world.find_member("ww_a", "lisi") != nullptr);
        CHECK(world.find_member("ww_b", "wangwu") != nullptr);
    }

    TEST_CASE("a gateway with a certificate is called over TLS and its certificate trusted") {
        const auto address = gateway_address(settings(single(R"(,"tls_certificate":"/c.pem")")));
        CHECK(address.scheme == "https");
        CHECK(address.tls_certificate == "/c.pem");
    }

    TEST_CASE("names come from a file, and so may members") {
        auto world = world_of(single(R"(,"allowed_users":["lisi"])"));
        add_names(world, parse_yaml("corps: [{id: ww_a, name: Lantern}, {id: ww_x, name: X}]\n"
                                    "members:\n"
                                    "  - {corp: ww_a, user: LiSi, name: 李四}\n"
                                    "  - {corp: ww_a, user: bob, name: Bob}\n"
                                    "  - {corp: ww_x, user: bob, name: Bob}\n",
                                    "world.yaml"));
        CHECK(world.corps[0].name == "Lantern");
        CHECK(world.find_member("ww_a", "lisi")->name == "李四");
        CHECK(world.find_member("ww_a", "bob")->name == "Bob");
        CHECK(world.members.size() == 2);
    }

    TEST_CASE("a department that is no number is refused") {
        auto world = world_of(single());
        for (const auto* bad : {"x", "0", "-1", "2x"}) {
            const auto names = std::string(
                                   "members: [{corp: ww_a, user: bob, name: Bob, "
                                   "parties: ['") +
                               bad + "']}]\n";
            CHECK_THROWS_WITH_AS(add_names(world, parse_yaml(names, "world.yaml")),
                                 (std::string("world.yaml: parties holds `") + bad +
                                  "`, which is no number such as 2")
                                     .c_str(),
                                 UsageError);
        }
    }

    TEST_CASE("the demo's own configuration is read back as the same world") {
        const auto demo = demo_world(8645);
        check_world(demo);
        CHECK(demo.corps.size() == 2);
        CHECK(demo.apps.size() == 3);
        CHECK(demo_world(8645).apps[0].corp_secret != demo.apps[0].corp_secret);
        const auto config = parse_yaml(format_gateway_config(demo, 8645), "config.yaml");
        const auto* const extra = config.find("platforms")->find("wecom_callback")->find("extra");
        REQUIRE(extra != nullptr);
        const auto& apps = extra->find("apps")->items;
        REQUIRE(apps.size() == demo.apps.size());
        for (std::size_t i = 0; i < apps.size(); ++i) {
            CHECK(apps[i].find("name")->text == demo.apps[i].name);
            CHECK(apps[i].find("corp_secret")->text == demo.apps[i].corp_secret.expose_secret());
            CHECK(apps[i].find("encoding_aes_key")->text ==
                  demo.apps[i].encoding_aes_key.expose_secret());
        }
        World names{.corps = demo.corps, .apps = demo.apps, .members = {}};
        add_names(names, parse_yaml(format_names(demo), "world.yaml"));
        REQUIRE(names.members.size() == demo.members.size());
        for (const auto& member : demo.members) {
            const auto* const read = names.find_member(member.corp_id, member.user_id);
            REQUIRE(read != nullptr);
            CHECK(read->name == member.name);
            CHECK(read->parties == member.parties);
            CHECK(read->tags == member.tags);
        }
        CHECK(demo.members.front().parties == std::vector<std::int64_t>{2});
    }

    TEST_CASE("what would reach the real WeCom, or nobody, is refused by its key") {
        const std::string path = "platforms.wecom_callback.extra.";
        CHECK_THROWS_WITH_AS(
            world_of(with_apps(R"(,"api_base":"https://qyapi.weixin.qq.com")")),
            (path + "apps[1].api_base: is fixed, so that this app would call the real WeCom: "
                    "remove it from a configuration to simulate with")
                .c_str(),
            UsageError);
        CHECK_THROWS_WITH_AS(
            world_of(single(R"(,"proxy":"http://proxy:1")")),
            (path + "proxy: would be asked for a WeCom that is on this machine: remove it from a "
                    "configuration to simulate with")
                .c_str(),
            UsageError);
        const auto text = single();
        auto object = settings(text);
        object.values["port"] = std::int64_t{0};
        CHECK_THROWS_WITH_AS(
            gateway_address(object),
            (path + "port: must be fixed, so that the simulator knows where to send callbacks")
                .c_str(),
            UsageError);
        auto world = world_of(text);
        CHECK_THROWS_WITH_AS(add_names(world, parse_yaml("members: [{user: x}]", "world.yaml")),
                             "world.yaml: each entry needs a corp", UsageError);
    }
}

}  // namespace hermes::host::simulator
