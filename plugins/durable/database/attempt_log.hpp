// The attempts at an event or a part, for people: what a row keeps of each beside how many there
// were. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::durable {

struct Attempt {
    std::int64_t began_at_ms = 0;  // Unix
    std::int64_t took_ms = 0;      // 0 for an agent's, whose end is what follows in the story
    std::string failure{};         // a line; empty: it did not fail, or nothing is known of it
};

// A text longer than that gets no entry more: what failed a hundred times says nothing new.
inline constexpr std::size_t attempt_log_max = 4'000;
// Of a failure: what to do about it stands at the end of its sentence.
inline constexpr std::size_t failure_bytes_max = 320;

// What is added to the text of a row; an entry ends with a line feed.
std::string entry_of(const Attempt& attempt);
// In order. What is no entry is left out.
std::vector<Attempt> read_attempts(std::string_view log);

}  // namespace hermes::durable
