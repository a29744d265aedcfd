// What a gateway tells the others that it has stored for them: words in PostgreSQL's NOTIFY, sent
// by the commit that stores it. Pure.
//
// Whoever listens has a word, at the latest, with the end of its own next commit. So what is told
// of one commit is known before whatever was committed after it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "durable/database/shards.hpp"

namespace hermes::durable {

// Rows of both tables, by number.
struct Stored {
    std::vector<std::int64_t> events{};
    std::vector<std::int64_t> messages{};  // by their first parts
    Shards message_shards{};
    bool is_anything = false;  // some words may be lost: all is to be looked at

    bool empty() const noexcept { return events.empty() && messages.empty() && !is_anything; }
};

std::string event_word(std::int64_t seq, int shard);
std::string message_word(std::int64_t message, int shard);
inline constexpr std::string_view anything_word = "*";

// Of words with blanks between them, what is in these shards. What is no such word is passed over.
Stored read_words(std::string_view words, Shards own);

}  // namespace hermes::durable
