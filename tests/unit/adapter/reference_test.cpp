// The reference pages say what the tables of the code say. To write them anew after a change:
//   HERMES_WRITE_DOCS=1 build/dev/bin/adapter_unit_tests -ts='adapter/reference'
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

#include "base/failure.hpp"
#include "config/setting_limits.hpp"
#include "event_mapping.hpp"
#include "protocol/api_error.hpp"
#include "settings_table.hpp"
#include "support/places.hpp"
#include "unit/adapter/inbound_samples.hpp"
#include "unit/policy/signed_callback.hpp"

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
        "For every secret `K` there is also `K_file` (and `WECOM_CALLBACK_K_FILE`): the name of a "
        "file that holds it, in one\n"
        "line, whose end does not count, nor blanks before it. A relative name begins at the "
        "folder of `config.yaml`; "
        "`${NAME}` in it is a variable,\n"
        "as `${CREDENTIALS_DIRECTORY}/token`. `K` and `K_file` beside each other are an error. "
        "Nowhere else is `${NAME}`\n"
        "filled in. Relative names in `tls_certificate`, `tls_private_key` and `api_ca_file` begin "
        "at the same folder. The\n"
        "data directory is `wecom_callback` in the host's `data_dir` (`data` beside `config.yaml` "
        "unless set); a relative name in\n"
        "`state` or `media_dir` begins there.\n\n"
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
        "is tried again is tried until `delivery_deadline`, but a code that is not listed here for "
        "about an\n"
        "hour; what is given up is in `state dead list` and can be put back with `state dead "
        "retry` "
        "once the\n"
        "cause is mended.\n\n"
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

std::string kind_as_shown(const MessageEvent& event) {
    static const std::map<MessageKind, std::string> names{
        {MessageKind::text, "text"},     {MessageKind::image, "image"},
        {MessageKind::voice, "voice"},   {MessageKind::video, "video"},
        {MessageKind::file, "file"},     {MessageKind::location, "location"},
        {MessageKind::link, "link"},     {MessageKind::event, "event"},
        {MessageKind::choice, "choice"},
    };
    return names.at(event.kind);
}

MessageEvent sample_event(const std::string& inner) {
    const auto message = parse_inbound(
        "<xml><ToUserName>ww1</ToUserName><FromUserName>alice</FromUserName>" + inner + "</xml>");
    REQUIRE(message.has_value());
    return to_event({}, *message, test::callback_app("hr", "ww1", "1000002", "token"));
}

// What becomes of a message: what the agent is told of the sample, or where it ends.
std::string fate_of(const InboundRule& rule) {
    switch (rule.handling) {
        case Handling::agent: {
            const std::string name(rule.event.empty() ? rule.msg_type : rule.event);
            const auto event = sample_event(test::inbound_samples().at(name));
            const auto text = std::regex_replace(event.text, std::regex("\n"), "` / `");
            return kind_as_shown(event) + " | `" + text + '`';
        }
        case Handling::passed_over:
            return "- | passed over";
        case Handling::noted:
            return "- | the log, at `info`";
        case Handling::warned:
            return "- | the log, at `warning`";
    }
    return {};
}

std::string inbound_table() {
    std::string table =
        "| WeCom's name | what it is | kind | what the agent is told |\n|---|---|---|---|\n";
    for (const auto& rule : inbound_rules()) {
        const auto is_event = rule.msg_type == "event";
        table += "| " + std::string(is_event ? "event `" : "`") +
                 std::string(is_event ? rule.event : rule.msg_type) + "` | " +
                 std::string(rule.meaning) + " | " + fate_of(rule) + " |\n";
    }
    return table;
}

std::string page_text(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(test::source_file("docs/" + name)).rdbuf();
    return text.str();
}

void check_page(const std::string& name, const std::string& expected) {
    const auto file = test::source_file("docs/" + name);
    if (std::getenv("HERMES_WRITE_DOCS") != nullptr) {
        std::ofstream(file) << expected;
    }
    CHECK_MESSAGE(page_text(name) == expected, "docs/", name, " is not what the code says");
}

// A page that people write, with one table that the code writes after the line `begin`.
void check_table(const std::string& name, const std::string& begin, const std::string& table) {
    const auto page = page_text(name);
    const auto first = page.find(begin);
    REQUIRE(first != std::string::npos);
    const auto from = first + begin.size();
    const auto to = page.find("<!-- end -->", from);
    REQUIRE(to != std::string::npos);
    check_page(name, page.substr(0, from) + "\n" + table + page.substr(to));
}

}  // namespace

TEST_SUITE("adapter/reference") {
    TEST_CASE("docs/settings.md has every setting as the code has it") {
        check_page("settings.md", settings_page());
    }

    TEST_CASE("docs/errors.md has every error code that the code knows") {
        check_page("errors.md", errors_page());
    }

    TEST_CASE("docs/messages.md has every kind that comes in, and what becomes of it") {
        check_table("messages.md", "<!-- what comes in: written from the tables of the code -->",
                    inbound_table());
    }
}

}  // namespace hermes::wecom
