#include "protocol/media_range.hpp"

#include <algorithm>
#include <charconv>

#include "base/ascii.hpp"

namespace hermes::wecom {
namespace {

// The number that the text begins with, and what follows it.
bool take_number(std::string_view& text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc();
}

bool take(std::string_view& text, std::string_view word) {
    const bool begins = text.starts_with(word);
    text.remove_prefix(begins ? word.size() : 0);
    return begins;
}

}  // namespace

std::string media_range(std::uint64_t begin, std::uint64_t total) {
    auto end = begin + media_range_bytes;
    if (total > 0) {
        end = std::min(end, total);
    }
    return "bytes=" + std::to_string(begin) + '-' + std::to_string(end - 1);
}

std::optional<MediaRange> parse_media_range(std::string_view content_range) {
    auto text = base::trim(content_range);
    MediaRange range;
    std::uint64_t last = 0;
    if (!take(text, "bytes ") || !take_number(text, range.begin) || !take(text, "-") ||
        !take_number(text, last) || !take(text, "/") || !take_number(text, range.total) ||
        !text.empty() || last < range.begin || last >= range.total) {
        return std::nullopt;
    }
    range.end = last + 1;
    return range;
}

}  // namespace hermes::wecom
