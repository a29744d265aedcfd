#include "durable/database/announcements.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hermes::durable {
namespace {

std::string word(char kind, std::int64_t number, int shard) {
    return kind + std::to_string(number) + '@' + std::to_string(shard);
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

void read_word(std::string_view word, Shards own, Stored& stored) {
    if (word == anything_word) {
        stored.is_anything = true;
        return;
    }
    const auto at = word.find('@');
    if (at == std::string_view::npos || at == 0) {
        return;
    }
    const auto number = number_of<std::int64_t>(word.substr(1, at - 1));
    const auto shard = number_of<int>(word.substr(at + 1));
    if (!number || !shard || *shard < 0 || *shard >= shard_count || !own.contain(*shard)) {
        return;
    }
    if (word.front() == 'e') {
        stored.events.push_back(*number);
    } else if (word.front() == 'm') {
        stored.messages.push_back(*number);
        stored.message_shards |= Shards::one(*shard);
    }
}

}  // namespace

std::string event_word(std::int64_t seq, int shard) {
    return word('e', seq, shard);
}

std::string message_word(std::int64_t message, int shard) {
    return word('m', message, shard);
}

Stored read_words(std::string_view words, Shards own) {
    Stored stored;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        read_word(words.substr(0, end), own, stored);
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return stored;
}

}  // namespace hermes::durable
