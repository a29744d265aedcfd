#include "protocol/callback_query.hpp"

#include <algorithm>
#include <array>
#include <boost/url/decode_view.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse_query.hpp>
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

}  // namespace

Result<CallbackQuery> parse_callback_query(std::string_view target) {
    const auto text = query_of(target);
    if (text.size() > callback_query_bytes_max) {
        return CallbackError::malformed_query;
    }
    const auto decoded_pairs = boost::urls::parse_query(text);
    if (!decoded_pairs) {
        return CallbackError::malformed_query;
    }
    boost::urls::encoding_opts plus_is_plus;
    plus_is_plus.space_as_plus = false;

    CallbackQuery query;
    std::array<bool, parameters.size()> seen{};
    for (const auto& parameter : *decoded_pairs) {
        const auto known = std::ranges::find_if(
            parameters, [&](const auto& entry) { return *parameter.key == entry.first; });
        if (known == parameters.end()) {
            continue;
        }
        auto& first = seen[static_cast<std::size_t>(known - parameters.begin())];
        if (!std::exchange(first, true)) {
            query.*(known->second) = parameter.value.decode(plus_is_plus);
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
