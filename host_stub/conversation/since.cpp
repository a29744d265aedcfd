#include "conversation/since.hpp"

#include <charconv>
#include <ctime>

namespace hermes::host {

using std::chrono::system_clock;

std::optional<system_clock::time_point> parse_since(const std::string& text,
                                                    system_clock::time_point now) {
    for (const auto* form : {"%Y-%m-%dT%H:%M", "%Y-%m-%d"}) {
        std::tm parts{};
        const char* end = ::strptime(text.c_str(), form, &parts);
        if (end != nullptr && *end == '\0') {
            return system_clock::from_time_t(::timegm(&parts));
        }
    }
    long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    constexpr long longest = 100'000;
    if (error != std::errc() || end + 1 != text.data() + text.size() || count < 0 ||
        count > longest) {
        return std::nullopt;
    }
    switch (*end) {
        case 's':
            return now - std::chrono::seconds(count);
        case 'm':
            return now - std::chrono::minutes(count);
        case 'h':
            return now - std::chrono::hours(count);
        case 'd':
            return now - std::chrono::hours(24 * count);
        default:
            return std::nullopt;
    }
}

}  // namespace hermes::host
