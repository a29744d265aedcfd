#include "text/markdown_source.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "text/code_point.hpp"
#include "text/markdown_lines.hpp"

namespace hermes::text {
namespace {

// U+FDD0 to U+FDD4 are EF B7 90 to EF B7 94.
constexpr std::string_view stand_in_lead = "\xef\xb7";
constexpr std::string_view star_stand_in = "\xef\xb7\x90";
constexpr std::string_view underscore_stand_in = "\xef\xb7\x91";
constexpr std::string_view backslash_stand_in = "\xef\xb7\x92";
constexpr std::string_view bracket_stand_in = "\xef\xb7\x93";
constexpr std::array<std::string_view, 5> meanings{"*", "_", "\\", "[", ""};

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

bool is_word(CodePoint character) noexcept {
    return !is_space(character) && !is_punctuation(character);
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
        } else if (c == '\\') {
            backslash();
        } else if (c == '[') {
            bracket();
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
    void replace(std::size_t bytes, std::string_view by) {
        protected_ += by;
        at_ += bytes;
    }

    void begin_line() {
        if (const auto deep = too_deep_in(rest())) {
            too_deep_ = at_ + *deep;
        }
    }

    // As multiplication between digits or letters; as emphasis elsewhere, and there as in Chinese:
    // beside punctuation on one side and a word on the other.
    void stars() {
        const auto length = std::min(rest().find_first_not_of('*'), rest().size());
        const auto before = code_point_before(source_, at_);
        const auto after = code_point_at(source_, at_ + length);
        if (is_digit_or_letter(before.value) && is_digit_or_letter(after.value)) {
            for (std::size_t i = 0; i < length; ++i) {
                replace(1, star_stand_in);
            }
            return;
        }
        const bool chinese = before.value > 0x7f || after.value > 0x7f;
        const bool closes = chinese && before.bytes > 0 && is_punctuation(before) && is_word(after);
        const bool opens = chinese && is_word(before) && is_punctuation(after);
        protected_ += closes ? invisible_letter : "";
        keep(length);
        protected_ += opens ? invisible_letter : "";
    }

    // Nobody escapes what means nothing in Markdown: such a backslash is one.
    void backslash() {
        constexpr std::string_view worth_escaping = "*_`#[]()!<>|~+-.";
        const auto next = rest().substr(1, 1);
        if (next == "\\") {
            replace(1, backslash_stand_in);
            replace(1, backslash_stand_in);
        } else if (next.empty() || worth_escaping.find(next) == std::string_view::npos) {
            replace(1, backslash_stand_in);
        } else {
            keep(2);
        }
    }

    // `[label]: url` is shown as it is.
    void bracket() {
        constexpr std::size_t label_bytes_max = 1'000;  // CommonMark 0.29, section 4.7
        const auto label = rest().substr(1, label_bytes_max + 1);
        auto end = label.find_first_of("[]\\");
        while (end != std::string_view::npos && label[end] == '\\') {
            end = label.find_first_of("[]\\", end + 2);  // an escaped bracket ends nothing
        }
        const bool definition = end != std::string_view::npos && label[end] == ']' &&
                                rest().substr(2 + end).starts_with(':');
        definition ? replace(1, bracket_stand_in) : keep(1);
    }

    void url() {
        const auto end = std::find_if(rest().begin(), rest().end(), [](char c) {
            constexpr std::string_view ends_url = "<>\"`)]|\\";
            return c <= ' ' || c == '\x7f' || ends_url.find(c) != std::string_view::npos;
        });
        auto text = rest().substr(0, static_cast<std::size_t>(end - rest().begin()));
        text = text.substr(0, text.find_last_not_of("*_") + 1);  // those may close emphasis
        for (const char c : text) {
            c == '*'   ? replace(1, star_stand_in)
            : c == '_' ? replace(1, underscore_stand_in)
                       : keep(1);
        }
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
        if (!snake_case && !dunder) {
            keep(text.size());
            return;
        }
        for (const char c : text) {
            c == '_' ? replace(1, underscore_stand_in) : keep(1);
        }
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
