#include "reference_pages.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/failure.hpp"
#include "config/setting_limits.hpp"
#include "config/setting_value.hpp"
#include "protocol/api_error.hpp"
#include "settings/settings_table.hpp"
#include "support/places.hpp"

namespace hermes::wecom::test {
namespace {

using namespace hermes::test;

constexpr int errcodes_from = -1;
constexpr int errcodes_to = 1'000'000;

std::string text_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// What may be written, in one cell.
std::string kind_of(const Setting& row) {
    const auto limits = host::limits_text(row);
    if (row.limits.choices != nullptr) {
        return limits;
    }
    return std::string(host::name_of(row.type)) + (limits.empty() ? "" : ", " + limits);
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

}  // namespace

std::vector<Row> settings_rows() {
    std::vector<Row> rows;
    for (const auto& row : settings_table) {
        const std::string shown_default =
            row.default_value == nullptr ? "" : "`" + std::string(row.default_value) + "`";
        rows.push_back({"`" + std::string(row.key) + "`",
                        kind_of(row) + (row.secrecy == SettingSecrecy::secret ? ", secret" : ""),
                        row.need == SettingNeed::required ? "required" : shown_default,
                        std::string(place_of(row.scope)), row.help});
    }
    return rows;
}

std::vector<Row> errors_rows() {
    std::vector<Row> rows;
    for (int code = errcodes_from; code < errcodes_to; ++code) {
        const auto text = api_error_text(code);
        if (!text.meaning.empty()) {
            rows.push_back({std::to_string(code), std::string(text.meaning),
                            std::string(consequence_of(api_error(code))),
                            std::string(text.remedy)});
        }
    }
    return rows;
}

std::string table(const Row& head, const std::vector<Row>& rows) {
    const auto line = [](const Row& row) {
        std::string text = "|";
        for (const auto& cell : row) {
            text += ' ' + cell + " |";
        }
        return text + '\n';
    };
    std::string text = line(head) + "|";
    for (std::size_t column = 0; column < head.size(); ++column) {
        text += "---|";
    }
    text += '\n';
    for (const auto& row : rows) {
        text += line(row);
    }
    return text;
}

void check_table(const std::string& name, const std::string& what, const std::string& table) {
    const auto file = test::source_file("docs/" + name);
    const auto page = text_of(file);
    const auto begin = "<!-- " + what + ": written from the tables of the code -->";
    const auto first = page.find(begin);
    REQUIRE(first != std::string::npos);
    const auto from = first + begin.size();
    const auto to = page.find("<!-- end -->", from);
    REQUIRE(to != std::string::npos);
    const auto expected = page.substr(0, from) + "\n" + table + page.substr(to);
    if (std::getenv("HERMES_WRITE_DOCS") != nullptr) {
        std::ofstream(file) << expected;
    }
    CHECK_MESSAGE(text_of(file) == expected, "docs/", name, " is not what the code says");
}

}  // namespace hermes::wecom::test
