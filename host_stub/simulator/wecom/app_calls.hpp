// WeCom's calls about an app and its members: agent/get (WeCom doc 90227), user/get (90196) and the
// app's menu (90231 to 90233). Pure.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>

#include "simulator/wecom/api_call.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

struct CallResult {
    int errcode = 0;
    boost::json::object members{};  // of the answer, beside errcode and errmsg
};

// Whose access token it is: `app`.
CallResult get_agent(const World& world, const App& app, const ApiCall& call);
// Where the world has no name for a member, WeCom keeps it to itself.
CallResult get_user(const World& world, const App& app, const ApiCall& call);

// The menus of all apps, by the name of the app: {"button": [...]}.
class Menus {
public:
    // WeCom's codes for what can't be a menu: 40016 to 40027, 40054, 40055, 41102.
    CallResult create(const World& world, const App& app, const ApiCall& call,
                      std::string_view body);
    CallResult get(const World& world, const App& app, const ApiCall& call) const;
    CallResult remove(const World& world, const App& app, const ApiCall& call);

    void go_on_from(const World& world, const std::map<std::string, boost::json::object>& menus);
    const std::map<std::string, boost::json::object>& all() const noexcept { return menus_; }

private:
    std::map<std::string, boost::json::object> menus_;
};

}  // namespace hermes::host::simulator
