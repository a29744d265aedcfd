#include "protocol/callback_query.hpp"

#include <algorithm>
#include <array>
#include <boost/url/encode.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <utility>

namespace hermes::wecom {
namespace {

using Member = std::string CallbackQuery::*;
constexpr std::array<std::pair<std::string_view, Member>, 4> parameters{{
    {"msg_signature", &CallbackQuery::msg_signature},
    {"timestamp", &CallbackQuery::timestamp},
    {"nonce", &CallbackQuery::nonce},
    {"echostr", &CallbackQuery::echostr},
}};

std::string_view query_of(std::string_view target) noexcept {
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

// No space, no control character, nothing beyond ASCII. Boost.URL checks the digits after a `%`.
bool is_query_text(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

base::Result<std::string> decode(std::string_view text) {
    const auto encoded = boost::urls::make_pct_string_view(text);
    if (!is_query_text(text) || !encoded) {
        return CallbackError::malformed_query;
    }
    boost::urls::encoding_opts plus_is_plus;
    plus_is_plus.space_as_plus = false;
    return encoded->decode(plus_is_plus);
}

}  // namespace

// Split here and not by Boost.URL's parse_query: that of Boost 1.81 reads beyond the end of a query
// that is followed by other characters, and through the null pointer of an empty one.
base::Result<CallbackQuery> parse_callback_query(std::string_view target) {
    auto rest = query_of(target);
    if (rest.size() > callback_query_bytes_max) {
        return CallbackError::malformed_query;
    }
    CallbackQuery query;
    std::array<bool, parameters.size()> seen{};
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const auto name = pair.substr(0, pair.find('='));
        auto value = decode(pair.substr(std::min(name.size() + 1, pair.size())));
        if (!value || !decode(name)) {
            return CallbackError::malformed_query;
        }
        const auto known =
            std::ranges::find(parameters, name, [](const auto& p) { return p.first; });
        if (known == parameters.end()) {
            continue;
        }
        bool& taken = seen[static_cast<std::size_t>(known - parameters.begin())];
        if (!std::exchange(taken, true)) {
            query.*(known->second) = std::move(*value);
        }
    }
    return query;
}

std::string_view target_path(std::string_view target) noexcept {
    return target.substr(0, target.find_first_of("?#"));
}

std::string format_callback_query(const CallbackQuery& query) {
    std::string text;
    for (const auto& [name, member] : parameters) {
        const auto& value = query.*member;
        if (value.empty()) {
            continue;
        }
        text.append(text.empty() ? "" : "&").append(name).append("=");
        text.append(boost::urls::encode(value, boost::urls::unreserved_chars));
    }
    return text;
}

}  // namespace hermes::wecom
