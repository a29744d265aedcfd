// Which app a message leaves through. There is no default among several: what can't be resolved is
// an error that names the candidates, never a message to someone else.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "policy/apps.hpp"

namespace hermes::wecom {

struct RouteQuery {
    std::string_view chat;       // `corp:user`, or `user` while only one corp fits
    std::string_view account{};  // the app's name; empty if not given
    // The account of the app that heard the event that is answered; empty if none is, or it is not
    // known any more.
    std::string_view answered_account{};
};

struct Route {
    AppPtr app;
    UserId user;
};

struct Unroutable {
    enum class Reason { bad_chat, no_such_account, account_of_other_corp, no_such_corp, ambiguous };
    Reason reason = Reason::bad_chat;
    std::string sentence;  // for the operator, with the candidates
};

// Looks up on which app (its account) `corp:user` was last heard; empty if never. `corp:user` has
// the user part folded to lower case.
using LastHeard = std::function<std::optional<std::string>(const std::string& folded_chat)>;

// Order: answered_account, account, last heard, the only app of that corp. A bare user goes to the
// only corp in which it was heard, or to the only corp there is.
std::variant<Route, Unroutable> find_route(const RouteQuery& query, const Apps& apps,
                                           const LastHeard& last_heard);

}  // namespace hermes::wecom
