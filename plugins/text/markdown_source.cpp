#include "text/markdown_source.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "text/code_point.hpp"
#include "text/markdown_lines.hpp"

namespace hermes::text {
namespace {

// U+FDD0 to U+FDD4 are EF B7 90 to EF B7 94; U+FDD3 stands for nothing.
constexpr std::string_view stand_in_lead = "\xef\xb7";
constexpr std::string_view star_stand_in = "\xef\xb7\x90";
constexpr std::string_view underscore_stand_in = "\xef\xb7\x91";
constexpr std::string_view backslash_stand_in = "\xef\xb7\x92";
constexpr std::array<std::string_view, 5> meanings{"*", "_", "\\", "", ""};

bool is_stand_in(std::string_view text) noexcept {
    return text.size() >= 3 && text.starts_with(stand_in_lead) && text[2] >= '\x90' &&
           text[2] <= '\x94';
}

bool is_digit_or_letter(std::int32_t c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_word_character(char c) noexcept {
    return c == '_' || is_digit_or_letter(c);
}

bool is_space(CodePoint character) noexcept {
    return character.bytes == 0 || character.value <= ' ' || character.value == 0x3000;
}

// What is punctuation to CommonMark (0.29, section 2.1): also signs, as long as they are ASCII.
bool is_mark(CodePoint character) noexcept {
    const auto c = character.value;
    return c < 0x80 ? c > ' ' && c < 0x7f && !is_digit_or_letter(c) : is_punctuation(character);
}

bool is_word(CodePoint character) noexcept {
    return !is_space(character) && !is_mark(character);
}

// Nothing that is emphasised begins with one.
bool ends_clause(CodePoint character) noexcept {
    constexpr std::array<std::int32_t, 25> marks{
        ',',    '.',    ':',    ';',    '!',    '?',    ')',    ']',    '}',
        0x3001, 0x3002, 0xff0c, 0xff1a, 0xff1b, 0xff01, 0xff1f, 0xff09,  // 、。，：；！？）
        0x201d, 0x2019, 0x2026, 0x300b, 0x300d, 0x300f, 0x3011, 0xff0e};  // ”’…》」』】．
    return std::find(marks.begin(), marks.end(), character.value) != marks.end();
}

// Nobody nests lists and quotes deeper, and cmark's time grows with the depth times the lines.
constexpr std::size_t lead_bytes_max = 64;

// `- - -` to the end of the line: no list.
bool is_rule(std::string_view text) noexcept {
    const std::array<char, 3> parts{text.front(), ' ', '\t'};
    const auto end = text.find_first_not_of(std::string_view(parts.data(), parts.size()));
    return (text.front() == '-' || text.front() == '*') &&
           (end == std::string_view::npos || text[end] == '\n' || text[end] == '\r');
}

// Where a list or a quote would open on this line that is nested too deep.
std::optional<std::size_t> too_deep_in(std::string_view line) noexcept {
    const auto lead_end = std::find_if_not(line.begin(), line.end(), may_open_blocks);
    const auto lead = static_cast<std::size_t>(lead_end - line.begin());
    for (auto i = lead_bytes_max; i < lead; ++i) {
        const bool apart = is_indentation(line[i - 1]) || line[i - 1] == '>';
        if (apart && !is_indentation(line[i])) {
            return is_rule(line.substr(i)) ? std::nullopt : std::optional(i);
        }
    }
    return std::nullopt;
}

class Protector {
public:
    explicit Protector(std::string_view source) : source_(source) {
        protected_.reserve(source.size() + source.size() / 8);
    }

    std::string run() && {
        begin_line();
        while (at_ < source_.size()) {
            if (at_ == too_deep_) {
                protected_ += invisible_letter;
            }
            step();
        }
        return std::move(protected_);
    }

private:
    void step() {
        const char c = source_[at_];
        if (c == '*') {
            stars();
        } else if (is_at_path()) {
            path();
        } else if (c == '\\') {
            backslash();
        } else if (rest().starts_with("]:")) {  // `[label]: url` is shown as it is
            keep(1);
            protected_ += invisible_letter;
        } else if (c == '\r') {
            replace(rest().starts_with("\r\n") ? 2 : 1, "\n");
            begin_line();
        } else if (is_stand_in(rest())) {
            replace(stand_in_lead.size() + 1, replacement_character);
        } else if (is_word_character(c)) {
            rest().starts_with("http://") || rest().starts_with("https://") ? url() : word();
        } else {
            protected_ += c;
            ++at_;
            if (c == '\n') {
                begin_line();
            }
        }
    }

    std::string_view rest() const noexcept { return source_.substr(at_); }

    void keep(std::size_t bytes) {
        protected_ += source_.substr(at_, bytes);
        at_ += bytes;
    }
    // What would mean something is but itself.
    void literally(std::size_t bytes) {
        for (const char c : rest().substr(0, bytes)) {
            c == '*'    ? replace(1, star_stand_in)
            : c == '_'  ? replace(1, underscore_stand_in)
            : c == '\\' ? replace(1, backslash_stand_in)
                        : keep(1);
        }
    }
    void replace(std::size_t bytes, std::string_view by) {
        protected_ += by;
        at_ += bytes;
    }

    void begin_line() {
        if (const auto deep = too_deep_in(rest())) {
            too_deep_ = at_ + *deep;
        }
    }

    // As multiplication, or in place of what is hidden, between digits or letters, and between
    // words where no bold is meant; as emphasis elsewhere, and there as in Chinese: beside
    // punctuation on one side and a word on the other.
    void stars() {
        const auto length = std::min(rest().find_first_not_of('*'), rest().size());
        const auto before = code_point_before(source_, at_);
        const auto after = code_point_at(source_, at_ + length);
        const bool may_be_bold = length == 2 || length == 3;
        if ((is_digit_or_letter(before.value) && is_digit_or_letter(after.value)) ||
            (is_word(before) && is_word(after) && !may_be_bold)) {
            literally(length);
            return;
        }
        const bool chinese = may_be_bold && (before.value > 0x7f || after.value > 0x7f);
        const bool closes = chinese && before.bytes > 0 && is_mark(before) && is_word(after);
        const bool opens = chinese && is_word(before) && is_mark(after) && !ends_clause(after);
        protected_ += closes ? invisible_letter : "";
        keep(length);
        protected_ += opens ? invisible_letter : "";
    }

    // Nobody escapes what means nothing in Markdown: such a backslash is one.
    void backslash() {
        constexpr std::string_view worth_escaping = "*_`#[]()!<>|~+-.";
        const auto next = rest().substr(1, 1);
        if (next == "\\") {
            literally(2);
        } else if (next.empty() || worth_escaping.find(next) == std::string_view::npos) {
            literally(1);
        } else {
            keep(2);
        }
    }

    // `C:\name` or `\\server`.
    bool is_at_path() const noexcept {
        const auto text = rest();
        const bool is_drive =
            text.size() > 3 && is_digit_or_letter(text[0]) && text.substr(1).starts_with(":\\");
        if (!is_drive && !text.starts_with("\\\\")) {
            return false;
        }
        const auto first = code_point_at(source_, at_ + (is_drive ? 3 : 2));
        return is_word(first) || first.value == '.' || first.value == '$';
    }

    // No name of a file has what ends it here.
    void path() {
        const auto end = std::find_if(rest().begin(), rest().end(), [](char c) {
            constexpr std::string_view ends_path = "<>\"|*?`";
            return (c >= 0 && c <= ' ') || ends_path.find(c) != std::string_view::npos;
        });
        literally(static_cast<std::size_t>(end - rest().begin()));
    }

    void url() {
        const auto end = std::find_if(rest().begin(), rest().end(), [](char c) {
            constexpr std::string_view ends_url = "<>\"`)]|\\";
            return c <= ' ' || c == '\x7f' || ends_url.find(c) != std::string_view::npos;
        });
        const auto text = rest().substr(0, static_cast<std::size_t>(end - rest().begin()));
        literally(text.find_last_not_of("*_") + 1);  // those behind may close emphasis
    }

    // snake_case and __init__ are names; _word_ is emphasis.
    void word() {
        const auto end = std::find_if_not(rest().begin(), rest().end(), is_word_character);
        const auto text = rest().substr(0, static_cast<std::size_t>(end - rest().begin()));
        const auto first = text.find_first_not_of('_');
        const auto last = text.find_last_not_of('_');
        const bool snake_case =
            first != std::string_view::npos &&
            text.substr(first, last - first).find('_') != std::string_view::npos;
        const bool dunder = first == 2 && last + 3 == text.size();
        snake_case || dunder ? literally(text.size()) : keep(text.size());
    }

    std::string_view source_;
    std::size_t at_ = 0;
    std::optional<std::size_t> too_deep_;
    std::string protected_;
};

}  // namespace

std::string protect_literals(std::string_view markdown) {
    return Protector(markdown).run();
}

void append_restored(std::string& to, std::string_view protected_text) {
    while (!protected_text.empty()) {
        const auto lead = protected_text.find(stand_in_lead);
        to += protected_text.substr(0, lead);
        if (lead == std::string_view::npos) {
            return;
        }
        protected_text.remove_prefix(lead);
        const bool stand_in = is_stand_in(protected_text);
        to += stand_in ? meanings[static_cast<unsigned char>(protected_text[2]) - 0x90U]
                       : protected_text.substr(0, stand_in_lead.size());
        protected_text.remove_prefix(stand_in_lead.size() + (stand_in ? 1 : 0));
    }
}

std::string restored(std::string_view protected_text) {
    std::string text;
    append_restored(text, protected_text);
    return text;
}

}  // namespace hermes::text
