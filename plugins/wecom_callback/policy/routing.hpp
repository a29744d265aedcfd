// Which app a message leaves through. There is no default among several: what can't be resolved is
// an error that names the candidates, never a message to someone else.
//
// More than one member is reached by a notice alone, through an app that may broadcast, by a chat
// that says so: `corp:party/7`, `corp:tag/3`, `corp:all`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/apps.hpp"
#include "protocol/recipient.hpp"

namespace hermes::wecom {

struct RouteQuery {
    // `corp:user`, or `user` while only one corp fits; of a notice also `corp:` and an Audience.
    std::string_view chat;
    std::string_view account{};  // the app's name; empty if not given
    // The account of the app that heard the event that is answered; empty if none is, or it is not
    // known any more.
    std::string_view answered_account{};
    bool is_notice = false;  // it answers nothing
};

struct Route {
    AppPtr app;
    Recipient to;
};

struct Unroutable {
    enum class Reason {
        bad_chat,
        no_such_account,
        account_of_other_corp,
        no_such_corp,
        ambiguous,
        no_broadcast,  // more than one member, and the app may not
    };
    Reason reason = Reason::bad_chat;
    std::string sentence;  // for the operator, with the candidates
};

// Looks up on which app (its account) `corp:user` was last heard; empty if never. `corp:user` has
// the user part folded to lower case.
using LastHeard = std::function<std::optional<std::string>(const std::string& folded_chat)>;

// Order: answered_account, account, last heard, the only app of that corp. A bare user goes to the
// only corp in which it was heard, or to the only corp there is. Where a member whose id is `all`
// has been heard, `corp:all` is that member; `corp:@all` is always everybody.
std::variant<Route, Unroutable> find_route(const RouteQuery& query, const Apps& apps,
                                           const LastHeard& last_heard);

}  // namespace hermes::wecom
