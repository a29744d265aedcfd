// The reference pages say what the tables of the code say (reference_pages.hpp).
#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <string>

#include "incoming/event_mapping.hpp"
#include "reference_pages.hpp"
#include "support/chinese.hpp"
#include "unit/adapter/inbound_samples.hpp"
#include "unit/policy/signed_callback.hpp"

namespace hermes::wecom {

namespace {

using test::check_table;
using test::errors_rows;
using test::Row;
using test::settings_rows;
using test::table;

// What such a page says and no program.
constexpr Translation page_rows[] = {
    {"string, secret", "文字，密钥"},
    {"integer, {}", "整数，{1}"},
    {"duration, {}", "时长，{1}"},
    {"{} to {}", "{1} 到 {2}"},
    {"at least {}", "至少 {1}"},
    {"text or markdown", "text 或 markdown"},
    {"card or text", "card 或 text"},
    {"required", "必填"},
    {"top", "顶层"},
    {"app", "应用"},
    {"top, app", "顶层、应用"},
    {"gets another access token and tries again at once", "重新获取 access_token，立即重试"},
    {"tries again, waiting longer each time", "重试，间隔逐次加长"},
    {"waits, then tries again", "等待后重试"},
    {"has fewer under way, and tries again soon", "减少同时发送的数量，很快重试"},
    {"pauses the app until it is mended", "暂停该应用，直到问题解决"},
    {"waits with this chat until it is mended", "此会话等待，直到问题解决"},
    {"gives up on this message", "放弃这条消息"},
};

std::vector<Row> in_chinese(std::vector<Row> rows) {
    host::Translator of_page;
    of_page.add(page_rows);
    for (auto& row : rows) {
        for (auto& cell : row) {
            const auto told = test::chinese_words()(cell);
            cell = told == cell ? of_page(cell) : told;
            CHECK(test::left_in_english(cell) == "");
        }
    }
    return rows;
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

}  // namespace

TEST_SUITE("adapter/reference") {
    TEST_CASE("docs/settings.md has every setting as the code has it") {
        check_table("settings.md", "the settings",
                    table({"key", "type", "default", "place", "what it is"}, settings_rows()));
    }

    TEST_CASE("docs/errors.md has every error code that the code knows") {
        check_table("errors.md", "the codes",
                    table({"code", "meaning", "the gateway", "you"}, errors_rows()));
    }

    TEST_CASE("docs/messages.md has every kind that comes in, and what becomes of it") {
        check_table("messages.md", "what comes in", inbound_table());
    }

    TEST_CASE("docs/settings.zh-CN.md has the same in Chinese") {
        const auto rows = in_chinese(settings_rows());
        check_table("settings.zh-CN.md", "the settings",
                    table({"键", "类型", "默认值", "位置", "说明"}, rows));
    }

    TEST_CASE("docs/errors.zh-CN.md has the same in Chinese") {
        const auto rows = in_chinese(errors_rows());
        check_table("errors.zh-CN.md", "the codes",
                    table({"错误码", "含义", "网关会怎样", "您要做的"}, rows));
    }
}

}  // namespace hermes::wecom
