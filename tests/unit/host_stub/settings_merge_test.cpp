#include "config/settings_merge.hpp"

#include <doctest/doctest.h>

#include <array>

#include "config/yaml_file.hpp"
#include "support/settings_text.hpp"

using namespace hermes::host;

namespace {

using enum hermes::SettingType;
using enum hermes::SettingNeed;
using enum hermes::SettingSecrecy;
using hermes::Setting;
using hermes::SettingScope;

constexpr std::array rows{
    Setting{"port", integer, SettingScope::platform, optional, plain, "8645", "", {0, 65535}},
    Setting{"host", string, SettingScope::platform, optional, plain, nullptr, ""},
    Setting{"deadline", duration, SettingScope::platform, optional, plain, "24h", "", {.low = 60}},
    Setting{"corp_id", string, SettingScope::entry, required, plain, nullptr, ""},
    Setting{"corp_secret", string, SettingScope::entry, required, secret, nullptr, ""},
    Setting{"agent_id", integer, SettingScope::entry, required, plain, nullptr, ""},
    Setting{"format",
            string,
            SettingScope::entry,
            optional,
            plain,
            "text",
            "",
            {.choices = "text, markdown, html"}},
    Setting{"users", string_list, SettingScope::both, optional, plain, nullptr, ""},
    Setting{"open", boolean, SettingScope::both, optional, plain, "false", ""},
};

struct Merged {
    std::string text;
    Problems problems;
};

Merged merge(std::string_view extra, const Environment& environment = {}) {
    Merged merged;
    const PlatformSchema schema{"wecom_callback", rows, "apps"};
    const auto tree = parse_yaml(extra, "config.yaml");
    merged.text = hermes::test::text_of(merge_settings(schema, tree, environment, merged.problems));
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
        CHECK(merged.text ==
              R"(agent_id: 2, corp_id: "ww1", corp_secret: "s", deadline: 86400s, format: "text", )"
              R"(open: false, port: 1, users: [lisi])");
    }

    TEST_CASE("entries stay in their list, and a setting of both kinds where it was written") {
        const auto merged = merge(
            "users: [a]\napps:\n"
            "  - {corp_id: ww1, corp_secret: s, agent_id: 2}\n"
            "  - {corp_id: ww2, corp_secret: t, agent_id: '3', users: [b], open: yes}\n");
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.text ==
              "deadline: 86400s, open: false, port: 8645, users: [a]\n"
              R"(- agent_id: 2, corp_id: "ww1", corp_secret: "s", format: "text")"
              "\n"
              R"(- agent_id: 3, corp_id: "ww2", corp_secret: "t", format: "text", )"
              "open: true, users: [b]");
    }

    TEST_CASE("a variable overrides its own key and nothing else") {
        const auto merged = merge(one_app + "port: 1\nhost: 127.0.0.1\n",
                                  {{"WECOM_CALLBACK_PORT", "2"},
                                   {"WECOM_CALLBACK_CORP_SECRET", "from-environment"},
                                   {"WECOM_CALLBACK_USERS", "lisi, zhangsan"},
                                   {"WECOM_CALLBACK_HOST", ""}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.text == R"(agent_id: 2, corp_id: "ww1", corp_secret: "from-environment", )"
                             R"(deadline: 86400s, format: "text", host: "127.0.0.1", open: false, )"
                             "port: 2, users: [lisi, zhangsan]");
    }

    TEST_CASE("a platform can be configured by variables alone") {
        const auto merged = merge("", {{"WECOM_CALLBACK_CORP_ID", "ww1"},
                                       {"WECOM_CALLBACK_CORP_SECRET", "s"},
                                       {"WECOM_CALLBACK_AGENT_ID", "1000002"}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.text.find("agent_id: 1000002") != std::string::npos);
    }

    TEST_CASE("a variable for both kinds is allowed beside entries") {
        const auto merged = merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2}]",
                                  {{"WECOM_CALLBACK_USERS", "lisi"}});
        CHECK(merged.problems.errors == Lines{});
        CHECK(merged.text.find("users: [lisi]") != std::string::npos);
    }

    TEST_CASE("a platform without entries has no list") {
        Problems problems;
        const PlatformSchema schema{"echo", std::span(rows).first(2), ""};
        const auto settings = merge_settings(schema, {}, {}, problems);
        CHECK(hermes::test::text_of(settings) == "port: 8645");
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

    TEST_CASE("a key that its value was written into, without showing the value") {
        for (const std::string separator : {":", "\uff1a", "=", " ", "\u3000"}) {
            CAPTURE(separator);
            CHECK(merge(one_app + "corp_secret" + separator + "kept\n").problems.errors ==
                  Lines{path + ".corp_secret: write a colon and a blank between the key and its "
                               "value"});
        }
        CHECK(merge(one_app + std::string(43, 'k') + ": 1\n").problems.errors ==
              Lines{path + ".****: unknown key (plugins list --settings shows all)"});
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

    TEST_CASE("what is out of bounds, or none of the choices, wherever it comes from") {
        CHECK(merge(one_app + "port: 65536\n").problems.errors ==
              Lines{path + ".port: expected 0 to 65535, got 65536"});
        CHECK(merge(one_app, {{"WECOM_CALLBACK_PORT", "-1"}}).problems.errors ==
              Lines{"WECOM_CALLBACK_PORT: expected 0 to 65535, got -1"});
        CHECK(merge(one_app + "deadline: 59s\n").problems.errors ==
              Lines{path + ".deadline: expected at least 1m, got 59s"});
        CHECK(merge(one_app + "format: plain\n").problems.errors ==
              Lines{path + ".format: expected text, markdown or html, got \"plain\""});
        CHECK(merge("apps: [{corp_id: ww1, corp_secret: s, agent_id: 2, format: markdwon}]")
                  .problems.errors ==
              Lines{path + ".apps[0].format: expected text, markdown or html, got \"markdwon\", "
                           "did you mean markdown?"});
    }

    TEST_CASE("a variable that would be filled in elsewhere, and what to do instead") {
        CHECK(merge("corp_id: ww1\ncorp_secret: ${SECRET}\nagent_id: 2\nhost: ${HOST}\n")
                  .problems.errors ==
              Lines{path + ".host holds ${HOST}, and variables are not filled in here: set "
                           "WECOM_CALLBACK_HOST instead",
                    path + ".corp_secret holds ${SECRET}, and variables are not filled in here: "
                           "set WECOM_CALLBACK_CORP_SECRET instead, or use corp_secret_file"});
        CHECK(
            merge("apps: [{corp_id: ww1, corp_secret: 'x${S_1}', agent_id: 2}]").problems.errors ==
            Lines{path + ".apps[0].corp_secret holds ${S_1}, and variables are not filled in "
                         "here: use corp_secret_file instead"});
        CHECK(merge(one_app, {{"WECOM_CALLBACK_HOST", "a.${B}"}}).problems.errors ==
              Lines{"WECOM_CALLBACK_HOST holds ${B}, and variables are not filled in here: write "
                    "the value itself"});
        CHECK(merge("corp_id: ww1\ncorp_secret: '${}$S${a b}${S'\nagent_id: 2\n")
                  .problems.errors.empty());
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
