#include "durable/database/attempt_log.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "durable/database/preview.hpp"

namespace hermes::durable {
namespace {

// Takes a number and the space behind it off `entry`.
bool take(std::string_view& entry, std::int64_t& number) {
    const auto* const end = entry.data() + entry.size();
    const auto [rest, error] = std::from_chars(entry.data(), end, number);
    if (error != std::errc() || rest == end || *rest != ' ') {
        return false;
    }
    entry.remove_prefix(static_cast<std::size_t>(rest - entry.data()) + 1);
    return true;
}

}  // namespace

std::string entry_of(const Attempt& attempt) {
    return std::to_string(attempt.began_at_ms) + ' ' + std::to_string(attempt.took_ms) + ' ' +
           preview_of(attempt.failure, failure_bytes_max) + '\n';
}

std::vector<Attempt> read_attempts(std::string_view log) {
    std::vector<Attempt> attempts;
    while (!log.empty()) {
        auto entry = log.substr(0, log.find('\n'));
        log.remove_prefix(std::min(entry.size() + 1, log.size()));
        Attempt attempt;
        if (take(entry, attempt.began_at_ms) && take(entry, attempt.took_ms)) {
            attempt.failure = entry;
            attempts.push_back(std::move(attempt));
        }
    }
    return attempts;
}

}  // namespace hermes::durable
