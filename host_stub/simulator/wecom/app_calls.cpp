#include "simulator/wecom/app_calls.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cstdint>

#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/message_rules.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

// The app itself must be named, in the query.
int check_agent_parameter(const World& world, const App& app, const ApiCall& call) {
    const auto text = call.parameter("agentid");
    std::int64_t agent_id = 0;  // an id that no app has
    std::from_chars(text.data(), text.data() + text.size(), agent_id);
    return text.empty() ? errcode::missing_agent_id : check_agent(world, app, agent_id);
}

// ---- The rules of a menu (WeCom doc 90231), with the codes of doc 90313.

// What differs between the two levels.
struct Level {
    std::size_t buttons_max;
    std::size_t name_bytes_max;
    int bad_count, bad_type, bad_name, bad_key, bad_url_size, bad_url;
};
constexpr Level top{3, 16, 40016, 40017, 40018, 40019, 40020, 40055};
constexpr Level below{5, 40, 40023, 40024, 40025, 40026, 40027, 40054};
constexpr int too_deep = 40022;
constexpr int name_missing = 41102;
constexpr std::size_t menu_key_bytes_max = 128;
constexpr std::size_t menu_url_bytes_max = 1024;

constexpr std::array with_key{"click",          "scancode_push",      "scancode_waitmsg",
                              "pic_sysphoto",   "pic_photo_or_album", "pic_weixin",
                              "location_select"};

int check_buttons(const json::value* value, const Level& level);

int check_leaf(const json::object& button, const Level& level) {
    const auto type = text_member(button, "type");
    if (type == "view") {
        const auto url = text_member(button, "url");
        const bool is_url = url.starts_with("http://") || url.starts_with("https://");
        return url.size() > menu_url_bytes_max ? level.bad_url_size
               : is_url                        ? errcode::ok
                                               : level.bad_url;
    }
    if (type == "view_miniprogram") {
        return text_member(button, "appid").empty() ? errcode::invalid_parameter : errcode::ok;
    }
    if (std::find(with_key.begin(), with_key.end(), type) == with_key.end()) {
        return level.bad_type;
    }
    const auto key = text_member(button, "key");
    return key.empty() || key.size() > menu_key_bytes_max ? level.bad_key : errcode::ok;
}

int check_button(const json::object& button, const Level& level) {
    const auto name = text_member(button, "name");
    if (name.empty()) {
        return name_missing;
    }
    if (name.size() > level.name_bytes_max) {
        return level.bad_name;
    }
    const auto* const list = button.if_contains("sub_button");
    if (list == nullptr || (list->is_array() && list->get_array().empty())) {
        return check_leaf(button, level);
    }
    return &level == &below ? too_deep : check_buttons(list, below);
}

int check_buttons(const json::value* value, const Level& level) {
    const auto* const list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->empty() || list->size() > level.buttons_max) {
        return level.bad_count;
    }
    for (const auto& item : *list) {
        const auto* const button = item.if_object();
        const int code = button == nullptr ? level.bad_count : check_button(*button, level);
        if (code != errcode::ok) {
            return code;
        }
    }
    return errcode::ok;
}

}  // namespace

CallResult get_agent(const World& world, const App& app, const ApiCall& call) {
    return {.errcode = check_agent_parameter(world, app, call),
            .members = {{"agentid", app.agent_id},
                        {"name", app.name},
                        {"close", 0},
                        {"isreportenter", app.reports_entering ? 1 : 0}}};
}

CallResult get_user(const World& world, const App& app, const ApiCall& call) {
    const auto* const member = world.find_member(app.corp_id, call.parameter("userid"));
    if (member == nullptr) {
        return {.errcode = errcode::no_such_member};
    }
    // gender is a text, and of no use to apps that were made since 2022.
    return {.members = {{"userid", member->user_id},
                        {"name", member->name},
                        {"department", json::array(member->parties.begin(), member->parties.end())},
                        {"gender", "0"},
                        {"status", 1}}};
}

CallResult Menus::create(const World& world, const App& app, const ApiCall& call,
                         std::string_view body) {
    CallResult result{.errcode = check_agent_parameter(world, app, call)};
    if (result.errcode != errcode::ok) {
        return result;
    }
    boost::system::error_code problem;
    auto value = json::parse(body, problem);
    if (problem || !value.is_object()) {
        return {.errcode = errcode::malformed_json};
    }
    auto& menu = value.get_object();
    result.errcode = check_buttons(menu.if_contains("button"), top);
    if (result.errcode == errcode::ok) {
        menus_[app.name] = {{"button", std::move(menu["button"])}};
    }
    return result;
}

void Menus::go_on_from(const World& world, const std::map<std::string, json::object>& menus) {
    for (const auto& [app, menu] : menus) {
        if (world.find_app(app) != nullptr) {
            menus_[app] = menu;
        }
    }
}

CallResult Menus::get(const World& world, const App& app, const ApiCall& call) const {
    const int code = check_agent_parameter(world, app, call);
    const auto found = menus_.find(app.name);
    if (code != errcode::ok) {
        return {.errcode = code};
    }
    return found == menus_.end() ? CallResult{.errcode = errcode::no_menu}
                                 : CallResult{.members = found->second};
}

CallResult Menus::remove(const World& world, const App& app, const ApiCall& call) {
    const int code = check_agent_parameter(world, app, call);
    if (code == errcode::ok) {
        menus_.erase(app.name);
    }
    return {.errcode = code};
}

}  // namespace hermes::host::simulator
