#include "policy/text_cut.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/code_point.hpp"

namespace hermes::wecom {
namespace {

// In order of preference.
enum Kind : std::size_t { after_paragraph, after_line, after_sentence, after_word, kinds };

bool one_of(std::int32_t character, std::u32string_view set) noexcept {
    return character >= 0 &&
           set.find(static_cast<char32_t>(character)) != std::u32string_view::npos;
}

bool is_space(std::int32_t c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x3000;
}

// Ends a sentence by itself: no space follows it in Chinese.
bool is_full_stop(std::int32_t c) noexcept {
    return one_of(c, U"。！？…");
}

// Ends a sentence only before a space: 3.14 and example.com go on.
bool is_latin_stop(std::int32_t c) noexcept {
    return c == '.' || c == '!' || c == '?';
}

bool is_closing(std::int32_t c) noexcept {
    return one_of(c, U"\"')]}”’）】》」』〉");
}

// No space follows these either; as places to break they are as good as one.
bool is_clause_mark(std::int32_t c) noexcept {
    return one_of(c, U"，、；：");
}

class SentenceWatch {
public:
    void pass(std::int32_t c) noexcept {
        if (is_full_stop(c)) {
            state_ = State::ended;
        } else if (is_latin_stop(c)) {
            state_ = state_ == State::ended ? State::ended : State::perhaps;
        } else if (state_ != State::inside && is_space(c)) {
            state_ = State::ended;
        } else if (state_ == State::inside || !is_closing(c)) {
            state_ = State::inside;
        }
    }
    bool ends_before(std::int32_t next) const noexcept {
        return state_ == State::ended && !is_space(next) && !is_full_stop(next) &&
               !is_latin_stop(next) && !is_closing(next);
    }

private:
    enum class State { inside, perhaps, ended };
    State state_ = State::inside;
};

class LineWatch {
public:
    explicit LineWatch(bool at_line_start) noexcept : blank_(at_line_start) {}

    void pass(std::int32_t c) noexcept {
        if (after_newline_) {
            blank_ = true;
        }
        after_newline_ = c == '\n';
        blank_ = blank_ && is_space(c);
    }
    // What ends here, if something does. A run of blank lines is not taken apart.
    std::optional<Kind> ends_before(std::int32_t next) const noexcept {
        if (!after_newline_ || next == '\n' || next == '\r') {
            return std::nullopt;
        }
        return blank_ ? after_paragraph : after_line;
    }

private:
    bool blank_;
    bool after_newline_ = false;
};

using Candidates = std::array<std::size_t, kinds>;  // the last of each kind; `begin` if none

Candidates find_candidates(std::string_view text, std::size_t begin, std::size_t limit) noexcept {
    Candidates last;
    last.fill(begin);
    LineWatch line(begin == 0 || text[begin - 1] == '\n');
    SentenceWatch sentence;
    auto before = code_point_at(text, begin);
    for (auto position = begin + before.bytes; position <= limit && before.bytes > 0;) {
        const auto after = code_point_at(text, position);
        line.pass(before.value);
        sentence.pass(before.value);
        if (clusters_separate(before, after)) {
            if (const auto kind = line.ends_before(after.value)) {
                last[*kind] = position;
            } else if (sentence.ends_before(after.value)) {
                last[after_sentence] = position;
            } else if ((is_space(before.value) && !is_space(after.value)) ||
                       (is_clause_mark(before.value) && !is_closing(after.value))) {
                last[after_word] = position;
            }
        }
        before = after;
        position += after.bytes;
    }
    return last;
}

std::size_t last_cluster_end(std::string_view text, std::size_t begin, std::size_t limit) noexcept {
    ClusterWalk walk;
    auto last = begin;
    auto last_character = begin;
    auto before = code_point_at(text, begin);
    for (auto position = begin + before.bytes; position <= limit && before.bytes > 0;) {
        const auto after = code_point_at(text, position);
        last_character = position;
        if (walk.boundary_between(before, after)) {
            last = position;
        }
        before = after;
        position += after.bytes;
    }
    // A single cluster that fills the part: someone piled up combining marks.
    return last > begin ? last : last_character;
}

}  // namespace

std::size_t best_cut(std::string_view text, std::size_t begin, std::size_t bytes_max) noexcept {
    if (text.size() - begin <= bytes_max) {
        return text.size();
    }
    const auto limit = begin + bytes_max;
    const auto too_early = begin + bytes_max / 4;
    for (const auto candidate : find_candidates(text, begin, limit)) {
        if (candidate > too_early) {
            return candidate;
        }
    }
    return last_cluster_end(text, begin, limit);
}

}  // namespace hermes::wecom
