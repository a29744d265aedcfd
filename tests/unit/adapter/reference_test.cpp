// The reference pages say what the tables of the code say. To write them anew after a change:
//   HERMES_WRITE_DOCS=1 build/dev/bin/adapter_unit_tests -ts='adapter/reference'
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/failure.hpp"
#include "config/setting_limits.hpp"
#include "protocol/api_error.hpp"
#include "settings_table.hpp"
#include "support/places.hpp"

namespace hermes::wecom {

namespace {

constexpr int errcodes_from = -1;
constexpr int errcodes_to = 1'000'000;

std::string_view name_of(SettingType type) {
    switch (type) {
        case SettingType::string:
            return "text";
        case SettingType::integer:
            return "number";
        case SettingType::boolean:
            return "true or false";
        case SettingType::duration:
            return "duration";
        case SettingType::string_list:
            return "list of texts";
    }
    return "";
}

// What may be written, in one cell.
std::string kind_of(const Setting& row) {
    const auto limits = host::limits_text(row);
    if (row.limits.choices != nullptr) {
        return limits;
    }
    return std::string(name_of(row.type)) + (limits.empty() ? "" : ", " + limits);
}

std::string_view place_of(SettingScope scope) {
    switch (scope) {
        case SettingScope::platform:
            return "top";
        case SettingScope::entry:
            return "app";
        case SettingScope::both:
            return "top, app";
    }
    return "";
}

std::string settings_page() {
    std::string page =
        "# Settings of wecom_callback\n\n"
        "For whom: someone who writes `platforms.wecom_callback.extra` in `config.yaml`.\n\n"
        "*Place*: `top` is `extra` itself, `app` an entry of `extra.apps`. What may stand in both "
        "is,\n"
        "at the top, the default of all apps. With a single app everything may stand at the top, "
        "and\n"
        "`apps` be left out.\n\n"
        "Every key has an environment variable, `WECOM_CALLBACK_` and the key in capitals\n"
        "(`WECOM_CALLBACK_PORT`). It comes before `.env`, which comes before `config.yaml`. A "
        "duration\n"
        "is a number of seconds, or `30s`, `45m`, `24h`, `7d`. Secrets are shown as `****` "
        "wherever\n"
        "they would be shown.\n\n"
        "| key | type | default | place | what it is |\n|---|---|---|---|---|\n";
    for (const auto& row : settings_table) {
        page += std::string("| `") + row.key + "` | " + kind_of(row) +
                (row.secrecy == SettingSecrecy::secret ? ", secret" : "") + " | " +
                (row.need == SettingNeed::required ? "required"
                 : row.default_value == nullptr    ? ""
                                                   : "`" + std::string(row.default_value) + "`") +
                " | " + std::string(place_of(row.scope)) + " | " + row.help + " |\n";
    }
    return page;
}

std::string_view consequence_of(const boost::system::error_code& error) {
    if (error == base::Failure::refresh_token) {
        return "gets another access token and tries again at once";
    }
    if (error == base::Failure::retry_later) {
        return "tries again, waiting longer each time";
    }
    if (error == base::Failure::slow_down) {
        return "waits, then tries again";
    }
    if (error == base::Failure::fewer_at_once) {
        return "has fewer under way, and tries again soon";
    }
    if (error == base::Failure::fix_setup || error == base::Failure::fix_secret) {
        return "pauses the app until it is mended";
    }
    return error == base::Failure::fix_member ? "waits with this chat until it is mended"
                                              : "gives up on this message";
}

std::string errors_page() {
    std::string page =
        "# WeCom's error codes\n\n"
        "For whom: an operator with a code in the log, as in `60020: this server's address "
        "...`.\n\n"
        "These are the codes of WeCom's global list (document 90313) that its answers to "
        "`gettoken`\n"
        "and `message/send` can hold, what the gateway does by itself, and what a person can do. "
        "What\n"
        "is tried again is tried until `delivery_deadline`; what is given up is in `state dead "
        "list`\n"
        "and can be put back with `state dead retry` once the cause is mended.\n\n"
        "| code | meaning | the gateway | you |\n|---|---|---|---|\n";
    for (int code = errcodes_from; code < errcodes_to; ++code) {
        const auto text = api_error_text(code);
        if (!text.meaning.empty()) {
            page += "| " + std::to_string(code) + " | " + std::string(text.meaning) + " | " +
                    std::string(consequence_of(api_error(code))) + " | " +
                    std::string(text.remedy) + " |\n";
        }
    }
    return page;
}

void check_page(const std::string& name, const std::string& expected) {
    const auto file = test::source_file("docs/" + name);
    if (std::getenv("HERMES_WRITE_DOCS") != nullptr) {
        std::ofstream(file) << expected;
    }
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    CHECK_MESSAGE(text.str() == expected, "docs/", name, " is not what the code says");
}

}  // namespace

TEST_SUITE("adapter/reference") {
    TEST_CASE("docs/settings.md has every setting as the code has it") {
        check_page("settings.md", settings_page());
    }

    TEST_CASE("docs/errors.md has every error code that the code knows") {
        check_page("errors.md", errors_page());
    }
}

}  // namespace hermes::wecom
