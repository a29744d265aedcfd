#include "settings/example_values.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"

namespace hermes::wecom {

namespace {

constexpr std::array<std::string_view, 3> documented{"ww0123456789abcdef", "wwfedcba9876543210",
                                                     "ww1234567890abcdef"};
constexpr std::array<std::string_view, 7> place_holders{
    "changeme", "change-me", "change_me", "todo", "secret", "token", "example"};
constexpr std::array<std::string_view, 3> beginnings{"your-", "your_", "your "};
constexpr std::string_view fillers = ".*x";

}  // namespace

bool is_example(std::string_view value) {
    const auto written = base::lower(base::trim(value));
    if (written.empty()) {
        return false;
    }
    const bool is_filler = fillers.find(written.front()) != std::string_view::npos &&
                           written.find_first_not_of(written.front()) == std::string::npos &&
                           written.size() > 1;
    const bool is_bracketed = written.starts_with('<') && written.ends_with('>');
    const auto equals = [&](std::string_view word) { return written == word; };
    return is_filler || is_bracketed || std::ranges::any_of(documented, equals) ||
           std::ranges::any_of(place_holders, equals) ||
           std::ranges::any_of(beginnings, [&](auto begin) { return written.starts_with(begin); });
}

}  // namespace hermes::wecom
