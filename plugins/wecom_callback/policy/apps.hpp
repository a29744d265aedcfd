// All configured apps, as they were at one moment. Immutable: another configuration is another
// snapshot, and what has begun goes on with the one that it has. Any thread may read it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/app.hpp"

namespace hermes::wecom {

class Apps {
public:
    // Names and identities are unique: settings has seen to it.
    explicit Apps(std::vector<App> apps);
    // Those that `before` has beside are known still: what is under way of them ends as it began.
    Apps(const Apps& apps, const Apps& before);

    // Null: there is none.
    AppPtr find(std::string_view name) const;
    AppPtr find(const CorpId& corp, const AgentId& agent) const;
    AppPtr find_account(std::string_view account) const;
    // Also one that was configured once, as it was then.
    AppPtr known(std::string_view account) const;
    // In the order of the configuration.
    std::vector<AppPtr> of_corp(const CorpId& corp) const;

    // How an app is called, for people; its account if it is not known.
    std::string name_of(std::string_view account) const;

    // In the order of the configuration.
    auto begin() const noexcept { return apps_.begin(); }
    auto end() const noexcept { return apps_.end(); }
    std::size_t size() const noexcept { return apps_.size(); }
    const AppPtr& operator[](std::size_t index) const { return apps_[index]; }

private:
    std::vector<AppPtr> apps_;
    std::map<std::string, AppPtr, std::less<>> by_account_;
    std::map<std::string, AppPtr, std::less<>> former_;
};

using AppsSnapshot = std::shared_ptr<const Apps>;

}  // namespace hermes::wecom
