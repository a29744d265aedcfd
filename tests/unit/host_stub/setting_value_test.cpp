#include "config/setting_value.hpp"

#include <doctest/doctest.h>

#include "support/settings_text.hpp"

using namespace hermes::host;
using hermes::SettingSecrecy;
using enum hermes::SettingType;

namespace {

ConfigNode scalar(std::string text) {
    ConfigNode node;
    node.kind = ConfigNode::Kind::scalar;
    node.text = std::move(text);
    return node;
}

std::string converted(hermes::SettingType type, const ConfigNode& node) {
    const auto value = to_value(type, node);
    return value ? hermes::test::text_of(*value) : "refused";
}

std::string of_text(hermes::SettingType type, std::string_view text) {
    return converted(type, node_of_text(type, text));
}

}  // namespace

TEST_SUITE("host_stub/config/setting_value") {
    TEST_CASE("text becomes a value of the row's type") {
        CHECK(of_text(string, "1000002") == "\"1000002\"");
        CHECK(of_text(string, "yes") == "\"yes\"");
        CHECK(of_text(integer, "8645") == "8645");
        CHECK(of_text(integer, " -3 ") == "-3");
        for (const auto* text : {"true", "True", "yes", "on", "1"}) {
            CHECK(of_text(boolean, text) == "true");
        }
        for (const auto* text : {"false", "NO", "off", "0"}) {
            CHECK(of_text(boolean, text) == "false");
        }
        CHECK(of_text(duration, "30") == "30s");
        CHECK(of_text(duration, "30s") == "30s");
        CHECK(of_text(duration, "45m") == "2700s");
        CHECK(of_text(duration, "24h") == "86400s");
        CHECK(of_text(duration, "7d") == "604800s");
        CHECK(of_text(string_list, "lisi, corp:zhangsan,,  ") == "[lisi, corp:zhangsan]");
        CHECK(of_text(string_list, "[a, b]") == "[a, b]");
        CHECK(of_text(string_list, "") == "[]");
    }

    TEST_CASE("text of another type is refused") {
        for (const auto* text : {"", "abc", "8645x", "1.5", "99999999999999999999"}) {
            CAPTURE(text);
            CHECK(of_text(integer, text) == "refused");
        }
        CHECK(of_text(boolean, "2") == "refused");
        CHECK(of_text(boolean, "") == "refused");
        for (const auto* text : {"", "h", "-1s", "1.5h", "1 w", "9223372036854775807d"}) {
            CAPTURE(text);
            CHECK(of_text(duration, text) == "refused");
        }
    }

    TEST_CASE("a list is no scalar and a scalar no list") {
        ConfigNode list;
        list.kind = ConfigNode::Kind::list;
        CHECK(converted(string, list) == "refused");
        CHECK(converted(string_list, scalar("lisi")) == "refused");
        list.items.push_back(scalar("lisi"));
        CHECK(converted(string_list, list) == "[lisi]");
        list.items.emplace_back();
        CHECK(converted(string_list, list) == "refused");
    }

    TEST_CASE("what was found is shown unless it is a secret") {
        CHECK(describe(scalar("abc"), SettingSecrecy::plain) == "\"abc\"");
        CHECK(describe(scalar("abc"), SettingSecrecy::secret) == "something else");
        CHECK(describe(ConfigNode{}, SettingSecrecy::plain) == "nothing");
    }
}
