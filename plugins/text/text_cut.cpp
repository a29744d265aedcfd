#include "text/text_cut.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include "text/code_point.hpp"

namespace hermes::text {
namespace {

// What a character means for where a text may end.
enum class Role : std::uint8_t {
    none,
    space,
    newline,
    full_stop,    // ends a sentence by itself: in Chinese no space follows
    latin_stop,   // ends one only before a space: 3.14 and example.com go on
    closing,      // belongs to the sentence that it closes
    clause_mark,  // no space follows these either; as places to break they are as good as one
};

constexpr Role rare_role_of(std::int32_t character) noexcept {
    switch (character) {
        case U' ':
        case U'\t':
        case U'\r':
        case U'\u3000':
            return Role::space;
        case U'\n':
            return Role::newline;
        case U'。':
        case U'！':
        case U'？':
        case U'…':
            return Role::full_stop;
        case U'.':
        case U'!':
        case U'?':
            return Role::latin_stop;
        case U'"':
        case U'\'':
        case U')':
        case U']':
        case U'}':
        case U'”':
        case U'’':
        case U'）':
        case U'】':
        case U'》':
        case U'」':
        case U'』':
        case U'〉':
            return Role::closing;
        case U'，':
        case U'、':
        case U'；':
        case U'：':
            return Role::clause_mark;
        default:
            return Role::none;
    }
}

constexpr std::size_t ascii_size = 128;

constexpr auto ascii_roles = [] {
    std::array<Role, ascii_size> roles{};
    for (std::size_t i = 0; i < ascii_size; ++i) {
        roles[i] = rare_role_of(static_cast<std::int32_t>(i));
    }
    return roles;
}();

Role role_of(CodePoint character) noexcept {
    const auto index = static_cast<std::uint32_t>(character.value);
    return index < ascii_size ? ascii_roles[index] : rare_role_of(character.value);
}

bool is_space(Role role) noexcept {
    return role == Role::space || role == Role::newline;
}

class SentenceWatch {
public:
    void pass(Role role) noexcept {
        switch (role) {
            case Role::full_stop:
                state_ = State::ended;
                break;
            case Role::latin_stop:
                state_ = state_ == State::ended ? State::ended : State::perhaps;
                break;
            case Role::space:
            case Role::newline:
                state_ = state_ == State::inside ? State::inside : State::ended;
                break;
            case Role::closing:
                break;
            case Role::clause_mark:
            case Role::none:
                state_ = State::inside;
        }
    }
    bool ends_before(Role next) const noexcept {
        return state_ == State::ended && (next == Role::none || next == Role::clause_mark);
    }

private:
    enum class State { inside, perhaps, ended };
    State state_ = State::inside;
};

class LineWatch {
public:
    enum class End { none, line, paragraph };

    explicit LineWatch(bool at_line_start) noexcept : blank_(at_line_start) {}

    void pass(Role role) noexcept {
        blank_ = (blank_ || after_newline_) && is_space(role);
        after_newline_ = role == Role::newline;
    }
    // A run of line ends is not taken apart.
    End ends_before(CodePoint next) const noexcept {
        if (!after_newline_ || next.value == '\n' || next.value == '\r') {
            return End::none;
        }
        return blank_ ? End::paragraph : End::line;
    }

private:
    bool blank_;
    bool after_newline_ = false;
};

// The last places of each kind at which a part may end; its beginning where there is none.
struct Places {
    explicit Places(std::size_t begin) noexcept
        : paragraph(begin), line(begin), sentence(begin), word(begin), cluster(begin) {}
    std::size_t paragraph;
    std::size_t line;
    std::size_t sentence;
    std::size_t word;
    std::size_t cluster;
    std::size_t character = 0;
};

Places find_places(std::string_view text, std::size_t begin, std::size_t limit) noexcept {
    Places last(begin);
    LineWatch line(begin == 0 || text[begin - 1] == '\n');
    SentenceWatch sentence;
    ClusterWalk clusters;
    auto before = code_point_at(text, begin);
    auto role_before = role_of(before);
    for (auto position = begin + before.bytes; position <= limit; position += before.bytes) {
        const auto after = code_point_at(text, position);
        const auto role_after = role_of(after);
        line.pass(role_before);
        sentence.pass(role_before);
        last.character = position;
        if (clusters.boundary_between(before, after)) {
            last.cluster = position;
            if (const auto end = line.ends_before(after); end != LineWatch::End::none) {
                (end == LineWatch::End::paragraph ? last.paragraph : last.line) = position;
            } else if (sentence.ends_before(role_after)) {
                last.sentence = position;
            } else if ((is_space(role_before) && !is_space(role_after)) ||
                       (role_before == Role::clause_mark && role_after != Role::closing)) {
                last.word = position;
            }
        }
        before = after;
        role_before = role_after;
    }
    return last;
}

}  // namespace

std::size_t best_cut(std::string_view text, std::size_t begin, std::size_t bytes_max) noexcept {
    if (text.size() - begin <= bytes_max) {
        return text.size();
    }
    const auto last = find_places(text, begin, begin + bytes_max);
    const auto too_early = begin + bytes_max / 4;
    for (const auto place : {last.paragraph, last.line, last.sentence, last.word}) {
        if (place > too_early) {
            return place;
        }
    }
    // Without a cluster's end someone has piled up combining marks until they filled the part.
    return last.cluster > begin ? last.cluster : last.character;
}

}  // namespace hermes::text
