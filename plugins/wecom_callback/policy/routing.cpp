#include "policy/routing.hpp"

#include <algorithm>
#include <utility>

namespace hermes::wecom {
namespace {

using Reason = Unroutable::Reason;

constexpr std::size_t quoted_bytes_max = 140;  // what is wrong may be anything, of any length

std::string in_quotes(std::string_view text) {
    std::string shown = "'";
    for (const char c : text.substr(0, quoted_bytes_max)) {
        shown += c >= ' ' && c < '\x7f' ? c : '?';
    }
    return shown += text.size() > quoted_bytes_max ? "...'" : "'";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += text.empty() ? "" : ", ";
        text += word;
    }
    return text.empty() ? "none" : text;
}

// In the order of the configuration, each once.
std::vector<CorpId> corps_of(const Apps& apps) {
    std::vector<CorpId> corps;
    for (const auto& app : apps) {
        if (std::find(corps.begin(), corps.end(), app->corp) == corps.end()) {
            corps.push_back(app->corp);
        }
    }
    return corps;
}

std::string corp_names(const Apps& apps) {
    std::vector<std::string> names;
    for (const auto& corp : corps_of(apps)) {
        names.push_back(corp.str());
    }
    return joined(names);
}

std::string app_names(const std::vector<AppPtr>& apps) {
    std::vector<std::string> names;
    names.reserve(apps.size());
    for (const auto& app : apps) {
        names.push_back(in_quotes(app->name));
    }
    return joined(names);
}

std::string all_app_names(const Apps& apps) {
    std::vector<std::string> names;
    for (const auto& app : apps) {
        names.push_back(in_quotes(app->name) + " (" + app->corp.str() + ")");
    }
    return joined(names);
}

using Found = std::variant<Route, Unroutable>;

std::string folded_chat(const CorpId& corp, const UserId& user) {
    return corp.str() + ':' + user.folded();
}

Unroutable unroutable(Reason reason, std::string sentence) {
    return {.reason = reason, .sentence = std::move(sentence)};
}

Unroutable bad_chat(std::string_view chat) {
    return unroutable(Reason::bad_chat, "the chat " + in_quotes(chat) +
                                            " is not a member: write corp_id:user_id, for example "
                                            "ww1234567890:zhangsan");
}

Unroutable no_such_account(std::string_view account, const Apps& apps) {
    return unroutable(Reason::no_such_account, "no app is named " + in_quotes(account) +
                                                   "; the configured apps are " +
                                                   all_app_names(apps));
}

// Through that app or nobody.
Found route_through(AppPtr app, std::string_view account, const std::optional<CorpId>& corp,
                    Recipient to, const Apps& apps) {
    if (!app) {
        return no_such_account(account, apps);
    }
    if (corp && app->corp != *corp) {
        return unroutable(Reason::account_of_other_corp,
                          "the app " + in_quotes(app->name) + " belongs to corp " +
                              app->corp.str() + " and cannot reach a member of corp " +
                              corp->str() +
                              "; apps of that corp: " + app_names(apps.of_corp(*corp)));
    }
    return Route{.app = std::move(app), .to = std::move(to)};
}

// The corp of a bare user id.
std::variant<CorpId, Unroutable> corp_of(const UserId& user, const Apps& apps,
                                         const LastHeard& last_heard) {
    const auto corps = corps_of(apps);
    if (corps.size() == 1) {
        return corps.front();
    }
    std::vector<CorpId> heard_in;
    std::copy_if(corps.begin(), corps.end(), std::back_inserter(heard_in),
                 [&](const CorpId& corp) { return last_heard(folded_chat(corp, user)); });
    if (heard_in.size() == 1) {
        return heard_in.front();
    }
    std::vector<std::string> candidates;
    for (const auto& corp : heard_in.empty() ? corps : heard_in) {
        candidates.push_back(corp.str() + ':' + user.str());
    }
    return unroutable(Reason::ambiguous,
                      "the member " + in_quotes(user.str()) +
                          " may be of several corps; say which: " + joined(candidates));
}

// The app of a corp on which the member was last heard; null if that is none of its apps, as it is
// once the app is not configured any more.
AppPtr app_last_heard(const CorpId& corp, const UserId& user, const Apps& apps,
                      const LastHeard& last_heard) {
    const auto account = last_heard(folded_chat(corp, user));
    auto app = account ? apps.find_account(*account) : nullptr;
    return app && app->corp == corp ? app : nullptr;
}

Found route_in_corp(const CorpId& corp, Recipient to, const Apps& apps,
                    const LastHeard& last_heard) {
    const auto candidates = apps.of_corp(corp);
    if (candidates.empty()) {
        return unroutable(Reason::no_such_corp, "no app of corp " + corp.str() +
                                                    " is configured; the configured corps are " +
                                                    corp_names(apps));
    }
    if (candidates.size() == 1) {
        return Route{.app = candidates.front(), .to = std::move(to)};
    }
    std::string unheard;
    if (const auto* user = std::get_if<UserId>(&to)) {
        if (auto app = app_last_heard(corp, *user, apps, last_heard)) {
            return Route{.app = std::move(app), .to = std::move(to)};
        }
        unheard =
            " and the member " + in_quotes(user->str()) + " has not written to any of them yet";
    }
    return unroutable(Reason::ambiguous, "corp " + corp.str() + " has several apps" + unheard +
                                             "; name one as the account: " + app_names(candidates));
}

// Whom the part of a chat after the corp names. A member cannot be taken for everybody: who answers
// `all` answers that member, and so does who writes to a member of that id.
std::optional<Recipient> recipient_of(std::string_view text, const std::optional<CorpId>& corp,
                                      const RouteQuery& query, const LastHeard& last_heard) {
    auto user = UserId::parse(text);
    const auto audience = Audience::parse(text);
    if (!audience || !corp || !query.is_notice || (user && last_heard(folded_chat(*corp, *user)))) {
        return user ? std::optional<Recipient>(*std::move(user)) : std::nullopt;
    }
    return *audience;
}

Found find_any_route(const RouteQuery& query, const Apps& apps, const LastHeard& last_heard) {
    std::optional<CorpId> corp;
    auto recipient_text = query.chat;
    if (const auto colon = query.chat.find(':'); colon != std::string_view::npos) {
        const auto parsed = CorpId::parse(query.chat.substr(0, colon));
        if (!parsed) {
            return bad_chat(query.chat);
        }
        corp = *parsed;
        recipient_text = query.chat.substr(colon + 1);
    }
    const auto to = recipient_of(recipient_text, corp, query, last_heard);
    if (!to) {
        return bad_chat(query.chat);
    }
    if (!query.answered_account.empty()) {
        return route_through(apps.known(query.answered_account), query.answered_account, corp, *to,
                             apps);
    }
    if (!query.account.empty()) {
        return route_through(apps.find(query.account), query.account, corp, *to, apps);
    }
    if (apps.size() == 0) {
        return unroutable(Reason::no_such_account, "no app is configured");
    }
    if (!corp) {
        auto found = corp_of(std::get<UserId>(*to), apps, last_heard);
        if (auto* problem = std::get_if<Unroutable>(&found)) {
            return std::move(*problem);
        }
        corp = std::get<CorpId>(std::move(found));
    }
    return route_in_corp(*corp, *to, apps, last_heard);
}

}  // namespace

Found find_route(const RouteQuery& query, const Apps& apps, const LastHeard& last_heard) {
    auto found = find_any_route(query, apps, last_heard);
    const auto* route = std::get_if<Route>(&found);
    if (route != nullptr && std::holds_alternative<Audience>(route->to) && !route->app->broadcast) {
        return unroutable(Reason::no_broadcast,
                          in_quotes(query.chat) + " is more than one member, and the app " +
                              in_quotes(route->app->name) +
                              " may not write to many at once: set `broadcast: true` for it if "
                              "that is meant");
    }
    return found;
}

}  // namespace hermes::wecom
