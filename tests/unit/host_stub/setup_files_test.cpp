#include "guide/setup_files.hpp"

#include <doctest/doctest.h>

#include <array>

#include "config/environment.hpp"
#include "config/settings_merge.hpp"
#include "config/yaml_file.hpp"

namespace hermes::host {

namespace {

constexpr std::array guided_rows{
    Setting{"account", SettingType::string, SettingScope::entry, SettingNeed::required,
            SettingSecrecy::plain, nullptr, ""},
    Setting{"number", SettingType::integer, SettingScope::entry, SettingNeed::required,
            SettingSecrecy::plain, nullptr, ""},
    Setting{"password", SettingType::string, SettingScope::entry, SettingNeed::required,
            SettingSecrecy::secret, nullptr, ""},
    Setting{"users", SettingType::string_list, SettingScope::both, SettingNeed::optional,
            SettingSecrecy::plain, nullptr, ""},
    Setting{"port", SettingType::integer, SettingScope::platform, SettingNeed::optional,
            SettingSecrecy::plain, "1", ""},
};

constexpr PluginDescriptor guided_plugin{.name = "chat",
                                         .version = "1",
                                         .summary = "",
                                         .settings = guided_rows.data(),
                                         .setting_count = guided_rows.size(),
                                         .entry_list = "accounts"};

// What the platform would be given, read back.
PlatformSettings read_back(const SetupFiles& files) {
    const auto root = parse_yaml(files.config, "config.yaml");
    const auto* extra = root.find("platforms")->find("chat")->find("extra");
    REQUIRE(extra != nullptr);
    Problems problems;
    auto settings = merge_settings({"chat", guided_rows, "accounts"}, *extra,
                                   parse_env(files.env, ".env"), problems);
    CHECK(problems.errors.empty());
    CHECK(problems.warnings.empty());
    return settings;
}

}  // namespace

TEST_SUITE("host/setup_files") {
    TEST_CASE("state lies beside the configuration, but not in /etc, where no service can write") {
        CHECK(data_dir_for("/srv/gateway/config.yaml") == "data");
        CHECK(is_of_service("/etc/hermes/config.yaml"));
        CHECK(is_of_service("/etc/./hermes/config.yaml"));
        CHECK_FALSE(is_of_service("/etc/hermes/sales/config.yaml"));
        CHECK_FALSE(is_of_service("/srv/etc/hermes/config.yaml"));
        CHECK(data_dir_for("/etc/hermes/config.yaml") == "/var/lib/hermes");
        CHECK(data_dir_for("/etc/hermes/sales/config.yaml") == "/var/lib/hermes/sales");
        CHECK(data_dir_for("/etc/config.yaml") == "data");
        CHECK(data_dir_for("/etcetera/config.yaml") == "data");
        const auto files = format_setup(guided_plugin, {{{"account", "a"}}}, {}, "/plugins",
                                        data_dir_for("/etc/hermes/config.yaml"));
        CHECK(files.config.find("data_dir: \"/var/lib/hermes\"\n") != std::string::npos);
    }

    TEST_CASE("one entry stands at the top, and its secrets in .env alone") {
        const SetupAnswers entry{{"account", "a: \"b\" #c"},
                                 {"number", "17"},
                                 {"password", "p#\"\\ $w"},
                                 {"users", " lisi , wangwu,"}};
        const auto files = format_setup(guided_plugin, {entry}, {{"port", "9"}}, "/plugins here");
        CHECK(files.config.find("p#") == std::string::npos);
        CHECK(files.config.find("plugins_dir: \"/plugins here\"\n") != std::string::npos);
        const auto settings = read_back(files);
        CHECK(settings.text("account") == "a: \"b\" #c");
        CHECK(settings.integer("number") == 17);
        CHECK(settings.text("password") == "p#\"\\ $w");
        CHECK(settings.list("users") == std::vector<std::string>{"lisi", "wangwu"});
        CHECK(settings.integer("port") == 9);
    }

    TEST_CASE("several entries are a list with their secrets, and nothing of theirs in .env") {
        const SetupAnswers first{{"account", "a"}, {"number", "1"}, {"password", "p1"}};
        const SetupAnswers second{
            {"account", "b"}, {"number", "2"}, {"password", "p2"}, {"users", "*"}};
        const auto files = format_setup(guided_plugin, {first, second}, {{"port", "9"}}, "/p");
        CHECK(files.env.find("p1") == std::string::npos);
        const auto settings = read_back(files);
        REQUIRE(settings.entries.size() == 2);
        CHECK(settings.entries[0].text("password") == "p1");
        CHECK(settings.entries[1].integer("number") == 2);
        CHECK(settings.entries[1].list("users") == std::vector<std::string>{"*"});
        CHECK(settings.integer("port") == 9);
    }

    TEST_CASE("what is empty is left out") {
        const auto files = format_setup(
            guided_plugin, {{{"account", "a"}, {"number", "1"}, {"users", ""}}}, {}, "/p");
        CHECK(files.config.find("users") == std::string::npos);
    }
}

}  // namespace hermes::host
