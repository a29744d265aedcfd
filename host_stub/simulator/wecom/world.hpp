// The companies that the simulator plays: corps, their apps, their members.
//
// An app's name is unique in the world, as in a gateway's configuration. A user id is unique only
// within its corp, and WeCom compares user ids without regard to case. Of the departments there is
// the root, 1, which has everybody, and those that members are in; every app is visible to all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace hermes::host::simulator {

struct Corp {
    std::string id;
    std::string name;
};

struct App {
    std::string name;
    std::string corp_id;
    std::int64_t agent_id = 0;
    base::Secret corp_secret;
    base::Secret callback_token;
    base::Secret encoding_aes_key;
    std::string callback_url;  // where the gateway listens
    bool reports_entering = true;
};

struct Member {
    std::string corp_id;
    std::string user_id;
    std::string name;
    std::vector<std::int64_t> parties{};  // departments, beside the root
    std::vector<std::int64_t> tags{};
};

inline constexpr std::int64_t root_party = 1;

struct World {
    std::vector<Corp> corps;
    std::vector<App> apps;
    std::vector<Member> members;

    const Corp* find_corp(std::string_view corp_id) const noexcept;
    const App* find_app(std::string_view name) const noexcept;
    const App* find_app(std::string_view corp_id, std::int64_t agent_id) const noexcept;
    const Member* find_member(std::string_view corp_id, std::string_view user_id) const noexcept;
};

// As WeCom compares user ids. ASCII only: WeCom allows no other letters in them.
bool same_user_id(std::string_view left, std::string_view right) noexcept;

// Throws std::invalid_argument, with a sentence that names the app, for what can't work: two apps
// of one name, an app or member of an unknown corp, a malformed key, a missing callback URL.
void check_world(const World& world);

}  // namespace hermes::host::simulator
