#include "config/settings_merge.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/json/serialize.hpp>

#include "config/yaml_file.hpp"

using namespace hermes::host;

namespace {

using enum hermes::SettingType;
using enum hermes::SettingNeed;
using enum hermes::SettingSecrecy;
using hermes::Setting;
using hermes::SettingScope;

constexpr std::array rows{
    Setting{"port", integer, SettingScope::platform, optional, plain, "8645", ""},
    Setting{"host", string, SettingScope::platform, optional, plain, nullptr, ""},
    Setting{"deadline", duration, SettingScope::platform, optional, plain, "24h", ""},
    Setting{"corp_id", string, SettingScope::entry, required, plain, nullptr, ""},
    Setting{"corp_secret", string, SettingScope::entry, required, secret, nullptr, ""},
    Setting{"agent_id", integer, SettingScope::entry, required, plain, nullptr, ""},
    Setting{"format", string, SettingScope::entry, optional, plain, "text", ""},
    Setting{"users", string_list, SettingScope::both, optional, plain, nullptr, ""},
    Setting{"open", boolean, SettingScope::both, optional, plain, "false", ""},
};

struct Merged {
    std::string json;
    Problems problems;
};

Merged merge(std::string_view extra, const Environment& environment = {}) {
    Merged merged;
    const PlatformSchema schema{"wecom_callback", rows, "apps"};
    const auto tree = parse_yaml(extra, "config.yaml");
    merged.json =
        boost::json::serialize(merge_settings(schema, tree, environment, merged.problems));
    return merged;
}

using Lines = std::vector<std::string>;

const std::string one_app = "corp_id: ww1\ncorp_secret: s\nagent_id: 2\n";
const std::string path = "platforms.wecom_callback.extra";

}  // namespace

TEST_SUITE("host_stub/config/settings_merge") {
    TEST_CASE("the short form stays at the top, with every default") {
        const auto merged = merge(one_app + "users: [lisi]\nport: 1\n");
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.json ==
              R"({"port":1,"deadline":86400,"corp_id":"ww1","corp_secret":"s","agent_id":2,)"
              R"("format":"text","users":["lisi"],"open":false})");
    }

    TEST_CASE("entries stay in their list, and a setting of both kinds where it was written") {
        const auto merged = merge(
            "users: [a]\napps:\n"
            "  - {corp_id: ww1, corp_secret: s, agent_id: 2}\n"
            "  - {corp_id: ww2, corp_secret: t, agent_id: '3', users: [b], open: yes}\n");
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.json == R"({"port":8645,"deadline":86400,"users":["a"],"open":false,"apps":[)"
                             R"({"corp_id":"ww1","corp_secret":"s","agent_id":2,"format":"text"},)"
                             R"({"corp_id":"ww2","corp_secret":"t","agent_id":3,"format":"text",)"
                             R"("users":["b"],"open":true}]})");
    }

    TEST_CASE("a variable overrides its own key and nothing else") {
        const auto merged = merge(one_app + "port: 1\nhost: 127.0.0.1\n",
                                  {{"WECOM_CALLBACK_PORT", "2"},
                                   {"WECOM_CALLBACK_CORP_SECRET", "from-environment"},
                                   {"WECOM_CALLBACK_USERS", "lisi, zhangsan"},
                                   {"WECOM_CALLBACK_HOST", ""}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.json == R"({"port":2,"host":"127.0.0.1","deadline":86400,"corp_id":"ww1",)"
                             R"("corp_secret":"from-environment","agent_id":2,"format":"text",)"
                             R"("users":["lisi","zhangsan"],"open":false})");
    }

    TEST_CASE("a platform can be configured by variables alone") {
        const auto merged = merge("", {{"WECOM_CALLBACK_CORP_ID", "ww1"},
                                       {"WECOM_CALLBACK_CORP_SECRET", "s"},
                                       {"WECOM_CALLBACK_AGENT_ID", "1000002"}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.json.find(R"("agent_id":1000002)") != std::string::npos);
    }

    TEST_CASE("a variable for both kinds is allowed beside entries") {
        const auto merged = merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2}]",
                                  {{"WECOM_CALLBACK_USERS", "lisi"}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.json.find(R"("users":["lisi"])") != std::string::npos);
    }

    TEST_CASE("a platform without entries has no list") {
        Problems problems;
        const PlatformSchema schema{"echo", std::span(rows).first(2), ""};
        const auto settings = merge_settings(schema, {}, {}, problems);
        CHECK(boost::json::serialize(settings) == R"({"port":8645})");
        CHECK(problems.errors == Lines{});
    }
}

TEST_SUITE("host_stub/config/settings_merge refuses") {
    TEST_CASE("an unknown key, naming the one that was probably meant") {
        CHECK(merge(one_app + "prot: 1\n").problems.errors ==
              Lines{path + ".prot: unknown key, did you mean port?"});
        CHECK(merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2}, "
                    "{corp_id: ww1, corp_secret: s, agent_id: 2, agentid: 3}]")
                  .problems.errors ==
              Lines{path + ".apps[1].agentid: unknown key, did you mean agent_id?"});
        CHECK(merge(one_app + "app: []\n").problems.errors ==
              Lines{path + ".app: unknown key, did you mean apps?"});
    }

    TEST_CASE("an unknown key that resembles nothing, pointing at the list of all") {
        CHECK(merge(one_app + "colour: red\n").problems.errors ==
              Lines{path + ".colour: unknown key (plugins list --settings shows all)"});
    }

    TEST_CASE("a missing key, naming the variable where one would do") {
        CHECK(merge("corp_id: ww1\nagent_id: 2\n").problems.errors ==
              Lines{path + ".corp_secret is missing: set it in config.yaml or as "
                           "WECOM_CALLBACK_CORP_SECRET"});
        CHECK(merge("apps: [{corp_id: ww1, corp_secret: '', agent_id: 2}]").problems.errors ==
              Lines{path + ".apps[0].corp_secret is missing: set it in config.yaml"});
    }

    TEST_CASE("a wrong type, wherever it comes from, without showing a secret") {
        CHECK(merge(one_app + "port: abc\n").problems.errors ==
              Lines{path + ".port: expected an integer, got \"abc\""});
        CHECK(merge(one_app + "open: [x]\n").problems.errors ==
              Lines{path + ".open: expected true or false, got a list"});
        CHECK(merge(one_app + "users: lisi\n").problems.errors ==
              Lines{path + ".users: expected a list of strings, such as [a, b], got \"lisi\""});
        CHECK(merge(one_app + "deadline: soon\n").problems.errors ==
              Lines{path + ".deadline: expected a duration such as 30s, 45m, 24h or 7d, "
                           "got \"soon\""});
        CHECK(merge("corp_id: ww1\nagent_id: 2\ncorp_secret: {a: hunter2}\n").problems.errors ==
              Lines{path + ".corp_secret: expected a string, got a map"});
        CHECK(merge(one_app, {{"WECOM_CALLBACK_PORT", "x"}}).problems.errors ==
              Lines{"WECOM_CALLBACK_PORT: expected an integer, got \"x\""});
    }

    TEST_CASE("a variable of an entry beside the list of entries") {
        CHECK(merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2}]",
                    {{"WECOM_CALLBACK_CORP_SECRET", "hunter2"}})
                  .problems.errors ==
              Lines{"WECOM_CALLBACK_CORP_SECRET is set beside the list " + path +
                    ".apps, and nobody can say which entry it means: write corp_secret in the "
                    "entry and unset the variable"});
    }

    TEST_CASE("a key of an entry beside the list of entries") {
        CHECK(merge("corp_id: ww1\napps: [{corp_id: ww1, corp_secret: s, agent_id: 2}]")
                  .problems.errors ==
              Lines{path + ".corp_id: beside apps nobody can say which entry it means: write it "
                           "in the entry"});
    }

    TEST_CASE("a key of the platform inside an entry") {
        CHECK(
            merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2, port: 1}]").problems.errors ==
            Lines{path + ".apps[0].port: is set once for all entries: write it as " + path +
                  ".port"});
    }

    TEST_CASE("maps and lists that are something else") {
        CHECK(merge("[a]").problems.errors == Lines{path + ": expected a map, got a list"});
        CHECK(merge("apps: {a: b}").problems.errors ==
              Lines{path + ".apps: expected a list of maps, got a map"});
        CHECK(merge("apps: [a]").problems.errors ==
              Lines{path + ".apps[0]: expected a map, got something else"});
        CHECK(merge("apps: []").problems.errors ==
              Lines{path + ".apps: the list is empty: write an entry, or remove the key"});
    }

    TEST_CASE("everything at once") {
        CHECK(merge("apps: [{prot: 1}, {}]\nport: x\n").problems.errors.size() == 8);
    }
}
