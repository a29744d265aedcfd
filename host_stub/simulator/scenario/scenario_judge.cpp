#include "simulator/scenario/scenario_judge.hpp"

#include <boost/json.hpp>
#include <regex>

#include "simulator/wecom/media_shelf.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

void add_line(std::string& lines, const json::object& object, std::string_view key) {
    const auto* const text = object.if_contains(key);
    if (text == nullptr || !text->is_string() || text->get_string().empty()) {
        return;
    }
    lines += lines.empty() ? "" : "\n";
    lines += std::string_view(text->get_string());
}

std::string card_words(std::string_view content) {
    boost::system::error_code error;
    const auto parsed = json::parse(content, error);
    if (error || !parsed.is_object()) {
        return std::string(content);
    }
    std::string lines;
    const auto& card = parsed.get_object();
    for (const auto* line : {"title", "description", "url"}) {  // of a link card
        add_line(lines, card, line);
    }
    if (const auto* const title = card.if_contains("main_title");
        title != nullptr && title->is_object()) {
        add_line(lines, title->get_object(), "title");
        add_line(lines, title->get_object(), "desc");
    }
    add_line(lines, card, "sub_title_text");
    return lines;
}

bool fits(const ScenarioStep& expected, const std::string& words) {
    return expected.kind == ScenarioStep::Kind::expect_match
               ? std::regex_search(words, std::regex(expected.text))
               : words == expected.text;
}

std::string chat_of(const ScenarioStep& step) {
    return step.user_id + " in " + step.app;
}

std::string nothing_came(const ScenarioStep& expected, const std::string& wanted) {
    return chat_of(expected) + " got nothing within " + std::to_string(expected.within.count()) +
           " s, expected " + wanted;
}

// image "chart.png" (1234 bytes, sha256 6ab1...)
std::string described(std::string_view type, const std::string& name,
                      const std::optional<std::size_t>& bytes, const std::string& sha256) {
    std::string what = bytes ? std::to_string(*bytes) + " bytes" : "";
    what += sha256.empty() ? "" : (what.empty() ? "sha256 " : ", sha256 ") + sha256;
    return std::string(type) + " " + in_quotes(name) + (what.empty() ? "" : " (" + what + ")");
}

std::string escaped(char c) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {'\\', 'x', digits[byte / 16], digits[byte % 16]};
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string words_of(std::string_view type, std::string_view content, std::string_view file_name) {
    if (type == "template_card" || type == "textcard") {
        return card_words(content);
    }
    return std::string(file_name.empty() ? content : file_name);
}

std::string words_of(const Delivered& delivered) {
    return words_of(delivered.type, delivered.content, delivered.file_name);
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
        } else if (c == '\r') {
            result += "\\r";
        } else if (c == '\t') {
            result += "\\t";
        } else if (is_control(c)) {
            result += escaped(c);
        } else {
            if (c == '"' || c == '\\') {
                result += '\\';
            }
            result += c;
        }
    }
    return result + '"';
}

std::optional<std::string> judge_answer(const ScenarioStep& expected,
                                        const std::optional<Delivered>& came) {
    const auto wanted = (expected.kind == ScenarioStep::Kind::expect_match ? "a match of " : "") +
                        in_quotes(expected.text);
    if (!came) {
        return nothing_came(expected, wanted);
    }
    const auto words = words_of(*came);
    if (fits(expected, words)) {
        return std::nullopt;
    }
    return chat_of(expected) + " got " + in_quotes(words) + ", expected " + wanted;
}

std::optional<std::string> judge_file(const ScenarioStep& expected,
                                      const std::optional<Delivered>& came,
                                      const std::optional<FileThatCame>& file) {
    const auto wanted = described(expected.media, expected.text, expected.bytes, expected.sha256);
    if (!came) {
        return nothing_came(expected, wanted);
    }
    const auto words = words_of(*came);
    if (came->type == expected.media && words == expected.text && file &&
        expected.bytes.value_or(file->bytes) == file->bytes &&
        (expected.sha256.empty() || expected.sha256 == file->sha256)) {
        return std::nullopt;
    }
    return chat_of(expected) + " got " +
           (media_bytes_max(came->type) != 0
                ? described(came->type, words, file ? std::optional(file->bytes) : std::nullopt,
                            file ? file->sha256 : std::string())
                : in_quotes(words)) +
           ", expected " + wanted;
}

std::optional<std::string> judge_callback(const ScenarioStep& done, const CallbackResult& result) {
    if (result.acknowledged == done.is_acknowledged) {
        return std::nullopt;
    }
    if (result.acknowledged) {
        return "the gateway acknowledged what it was expected not to";
    }
    std::string why;
    if (!result.tries.empty()) {
        why = result.status() == 0 ? result.tries.back().problem
                                   : "it answered " + std::to_string(result.status());
    }
    return "the gateway did not acknowledge it" + (why.empty() ? "" : ": " + why);
}

}  // namespace hermes::host::simulator
