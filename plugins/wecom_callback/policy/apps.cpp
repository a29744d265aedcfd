#include "policy/apps.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hermes::wecom {

namespace {

template <typename Matches>
AppPtr first_of(const std::vector<AppPtr>& apps, Matches matches) {
    const auto found =
        std::find_if(apps.begin(), apps.end(), [&](const AppPtr& app) { return matches(*app); });
    return found == apps.end() ? nullptr : *found;
}

AppPtr find_in(const std::map<std::string, AppPtr, std::less<>>& apps, std::string_view account) {
    const auto found = apps.find(account);
    return found == apps.end() ? nullptr : found->second;
}

}  // namespace

Apps::Apps(const Apps& apps, const Apps& before)
    : apps_(apps.apps_), by_account_(apps.by_account_), former_(before.former_) {
    for (const auto& [account, app] : before.by_account_) {
        former_.insert_or_assign(account, app);
    }
}

Apps::Apps(std::vector<App> apps) {
    for (auto& app : apps) {
        apps_.push_back(std::make_shared<const App>(std::move(app)));
        by_account_.emplace(apps_.back()->account(), apps_.back());
    }
}

AppPtr Apps::find(std::string_view name) const {
    return first_of(apps_, [&](const App& app) { return app.name == name; });
}

AppPtr Apps::find(const CorpId& corp, const AgentId& agent) const {
    return first_of(apps_, [&](const App& app) { return app.corp == corp && app.agent == agent; });
}

std::vector<AppPtr> Apps::of_corp(const CorpId& corp) const {
    std::vector<AppPtr> found;
    std::copy_if(apps_.begin(), apps_.end(), std::back_inserter(found),
                 [&](const AppPtr& app) { return app->corp == corp; });
    return found;
}

AppPtr Apps::find_account(std::string_view account) const {
    return find_in(by_account_, account);
}

AppPtr Apps::known(std::string_view account) const {
    auto app = find_account(account);
    return app ? app : find_in(former_, account);
}

std::string Apps::name_of(std::string_view account) const {
    const auto app = known(account);
    return app ? app->name : std::string(account);
}

}  // namespace hermes::wecom
