#include "policy/access.hpp"

#include <optional>
#include <utility>

#include "base/ascii.hpp"

namespace hermes::wecom {
namespace {

constexpr std::string_view every_member = "*";

struct Entry {
    std::string_view corp;  // empty: the app's own
    std::string_view user;
};

std::optional<Entry> parse_entry(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        // A lone `*` is refused: who wants everybody says so with `allow_all_users`.
        const bool valid = text != every_member && UserId::parse(text).has_value();
        return valid ? std::optional(Entry{{}, text}) : std::nullopt;
    }
    const Entry entry{text.substr(0, colon), text.substr(colon + 1)};
    const bool valid = CorpId::parse(entry.corp).has_value() &&
                       (entry.user == every_member || UserId::parse(entry.user).has_value());
    return valid ? std::optional(entry) : std::nullopt;
}

}  // namespace

Access Access::everybody() {
    Access access;
    access.everybody_ = true;
    return access;
}

std::variant<Access, std::size_t> Access::from_entries(const std::vector<std::string>& entries,
                                                       const CorpId& corp) {
    Access access;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto entry = parse_entry(entries[i]);
        if (!entry) {
            return i;
        }
        if (!entry->corp.empty() && !base::equal_ignoring_case(entry->corp, corp.str())) {
            continue;
        }
        if (entry->user == every_member) {
            access.everybody_ = true;
        } else {
            auto user = *UserId::parse(entry->user);
            access.users_.emplace(user.folded(), std::move(user));
        }
    }
    return access;
}

std::vector<UserId> Access::named() const {
    std::vector<UserId> named;
    if (!everybody_) {
        for (const auto& [folded, user] : users_) {
            named.push_back(user);
        }
    }
    return named;
}

bool Access::admits(const UserId& user) const {
    return everybody_ || users_.contains(user.folded());
}

}  // namespace hermes::wecom
