// Who may write to an app. Nobody, unless a setting says otherwise.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/identity.hpp"

namespace hermes::wecom {

// Entries: `user` (in the app's own corp), `corp:user`, `corp:*`. Whole ids, compared without
// regard to case, as WeCom's are unique that way.
class Access {
public:
    static Access nobody() { return Access(); }
    static Access everybody();
    // `entries` that name another corp than `corp` have no effect here. Errors: the first entry
    // that is none, as its index in `entries`.
    static std::variant<Access, std::size_t> from_entries(const std::vector<std::string>& entries,
                                                          const CorpId& corp);

    bool admits(const UserId& user) const;
    bool admits_nobody() const noexcept { return !everybody_ && users_.empty(); }
    // Who is admitted by name, as the entries spell it; none where everybody is.
    std::vector<UserId> named() const;

private:
    bool everybody_ = false;
    std::map<std::string, UserId> users_;  // by UserId::folded
};

}  // namespace hermes::wecom
