#include "simulator/wecom/world.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/ascii.hpp"
#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

template <typename Items, typename Predicate>
auto find_in(const Items& items, Predicate matches) -> decltype(items.data()) {
    const auto found = std::find_if(items.begin(), items.end(), matches);
    return found == items.end() ? nullptr : &*found;
}

void check_app(const World& world, const App& app) {
    const auto refuse = [&](const std::string& what) {
        throw std::invalid_argument("app \"" + app.name + "\": " + what);
    };
    if (world.find_corp(app.corp_id) == nullptr) {
        refuse("no corp \"" + app.corp_id + "\"");
    }
    if (app.callback_url.empty()) {
        refuse("no callback URL");
    }
    try {
        Cipher(app.encoding_aes_key.expose_secret(), app.corp_id);
    } catch (const std::invalid_argument& problem) {
        refuse(problem.what());
    }
}

}  // namespace

const Corp* World::find_corp(std::string_view corp_id) const noexcept {
    return find_in(corps, [&](const Corp& corp) { return corp.id == corp_id; });
}

const App* World::find_app(std::string_view name) const noexcept {
    return find_in(apps, [&](const App& app) { return app.name == name; });
}

const App* World::find_app(std::string_view corp_id, std::int64_t agent_id) const noexcept {
    return find_in(
        apps, [&](const App& app) { return app.corp_id == corp_id && app.agent_id == agent_id; });
}

const Member* World::find_member(std::string_view corp_id,
                                 std::string_view user_id) const noexcept {
    return find_in(members, [&](const Member& member) {
        return member.corp_id == corp_id && same_user_id(member.user_id, user_id);
    });
}

bool same_user_id(std::string_view left, std::string_view right) noexcept {
    return base::equal_ignoring_case(left, right);
}

void check_world(const World& world) {
    std::set<std::string_view> names;
    for (const auto& app : world.apps) {
        if (!names.insert(app.name).second) {
            throw std::invalid_argument("two apps are named \"" + app.name + "\"");
        }
        check_app(world, app);
    }
    for (const auto& member : world.members) {
        if (world.find_corp(member.corp_id) == nullptr) {
            throw std::invalid_argument("member \"" + member.user_id + "\": no corp \"" +
                                        member.corp_id + "\"");
        }
    }
}

}  // namespace hermes::host::simulator
