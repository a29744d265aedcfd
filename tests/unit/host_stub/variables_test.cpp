#include "config/variables.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hermes::host;
using hermes::Setting;
using enum hermes::SettingType;

namespace {

constexpr std::array port_row{
    Setting{"port", integer, hermes::SettingScope::platform, hermes::SettingNeed::optional,
            hermes::SettingSecrecy::plain, nullptr, ""},
};

std::vector<std::string> warnings(const Environment& environment) {
    Problems problems;
    check_variable_names({"wecom", port_row, ""}, environment, {"wecom", "wecom_callback"},
                         problems);
    CHECK(problems.errors.empty());
    return problems.warnings;
}

}  // namespace

TEST_SUITE("host_stub/config/variables") {
    TEST_CASE("a variable is named after its platform and key") {
        CHECK(variable_name("wecom_callback", "port") == "WECOM_CALLBACK_PORT");
    }

    TEST_CASE("a variable that is probably a typing mistake is a warning, its value unseen") {
        CHECK(warnings({{"WECOM_PROT", "hunter2"}}) ==
              std::vector<std::string>{
                  "WECOM_PROT is set, but wecom has no such setting, did you mean WECOM_PORT?"});
    }

    TEST_CASE("variables of settings, of other platforms and of other programs are left alone") {
        CHECK(warnings({{"WECOM_PORT", "1"}, {"WECOM_CALLBACK_X", "1"}, {"WECOMX", "1"}}).empty());
    }
}
