#include "simulator/world_settings.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "exit_code.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::string_view settings_path = "platforms.wecom_callback.extra.";

[[noreturn]] void refuse(std::string_view key, std::string_view why) {
    throw UsageError(std::string(settings_path).append(key).append(": ").append(why));
}

std::string text_at(const json::object& settings, std::string_view key) {
    const auto* const value = settings.if_contains(key);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

std::int64_t number_at(const json::object& settings, std::string_view key) {
    const auto* const value = settings.if_contains(key);
    const auto* const number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? 0 : *number;
}

const json::array* apps_of(const json::object& settings) {
    const auto* const value = settings.if_contains("apps");
    return value == nullptr ? nullptr : value->if_array();
}

// Calls `use` with each app's settings and the key path before its keys.
template <typename Use>
void for_each_app(const json::object& settings, Use use) {
    const auto* const apps = apps_of(settings);
    if (apps == nullptr) {
        use(settings, std::string());
        return;
    }
    for (std::size_t i = 0; i < apps->size(); ++i) {
        if (const auto* const app = (*apps)[i].if_object()) {
            use(*app, "apps[" + std::to_string(i) + "].");
        }
    }
}

App app_of(const json::object& settings, const std::string& callback_url) {
    const auto name = text_at(settings, "name");
    return {.name = name.empty() ? "default" : name,
            .corp_id = text_at(settings, "corp_id"),
            .agent_id = number_at(settings, "agent_id"),
            .corp_secret = base::Secret(text_at(settings, "corp_secret")),
            .callback_token = base::Secret(text_at(settings, "token")),
            .encoding_aes_key = base::Secret(text_at(settings, "encoding_aes_key")),
            .callback_url = callback_url};
}

void add_member(World& world, const std::string& corp_id, const std::string& user_id,
                const std::string& name) {
    if (!user_id.empty() && user_id != "*" && world.find_member(corp_id, user_id) == nullptr) {
        world.members.push_back({corp_id, user_id, name.empty() ? user_id : name});
    }
}

// `user` is of the corp given; `corp:user` names its own.
void add_allowed(World& world, const json::object& settings, const std::string& corp_id) {
    const auto* const value = settings.if_contains("allowed_users");
    const auto* const users = value == nullptr ? nullptr : value->if_array();
    if (users == nullptr) {
        return;
    }
    for (const auto& user : *users) {
        const auto* const text = user.if_string();
        if (text == nullptr) {
            continue;
        }
        const std::string id(*text);
        const auto colon = id.find(':');
        if (colon == std::string::npos) {
            add_member(world, corp_id, id, {});
        } else if (world.find_corp(id.substr(0, colon)) != nullptr) {
            add_member(world, id.substr(0, colon), id.substr(colon + 1), {});
        }
    }
}

std::string url_host(const std::string& host) {
    if (host.empty() || host == "0.0.0.0" || host == "::") {
        return "127.0.0.1";
    }
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

const std::vector<ConfigNode>& items_of(const ConfigNode& names, std::string_view key) {
    static const std::vector<ConfigNode> none;
    const auto* const list = names.find(key);
    return list == nullptr ? none : list->items;
}

std::string text_of(const ConfigNode& item, std::string_view key) {
    const auto* const value = item.find(key);
    if (value == nullptr || value->kind != ConfigNode::Kind::scalar) {
        throw UsageError("world.yaml: each entry needs a " + std::string(key));
    }
    return value->text;
}

}  // namespace

GatewayAddress gateway_address(const json::object& settings) {
    for_each_app(settings, [&](const json::object& app, const std::string& path) {
        if (!path.empty() && app.contains("api_base")) {
            refuse(path + "api_base",
                   "is fixed, so that this app would call the real WeCom: "
                   "remove it from a configuration to simulate with");
        }
        if (!text_at(app, "proxy").empty()) {
            refuse(path + "proxy",
                   "would be asked for a WeCom that is on this machine: remove it "
                   "from a configuration to simulate with");
        }
    });
    if (!text_at(settings, "proxy").empty()) {
        refuse("proxy",
               "would be asked for a WeCom that is on this machine: remove it from a "
               "configuration to simulate with");
    }
    const auto port = number_at(settings, "port");
    if (port < 1 || port > 65535) {
        refuse("port", "must be fixed, so that the simulator knows where to send callbacks");
    }
    const auto certificate = text_at(settings, "tls_certificate");
    return {.host = url_host(text_at(settings, "host")),
            .port = static_cast<std::uint16_t>(port),
            .path = text_at(settings, "path"),
            .scheme = certificate.empty() ? "http" : "https",
            .tls_certificate = certificate};
}

World world_of_settings(const json::object& settings, const GatewayAddress& address) {
    const auto url =
        address.scheme + "://" + address.host + ":" + std::to_string(address.port) + address.path;
    World world;
    for_each_app(settings, [&](const json::object& app, const std::string&) {
        world.apps.push_back(app_of(app, url));
        const auto& corp_id = world.apps.back().corp_id;
        if (world.find_corp(corp_id) == nullptr) {
            world.corps.push_back({corp_id, corp_id});
        }
    });
    if (!world.corps.empty()) {
        add_allowed(world, settings, world.corps.front().id);
    }
    for_each_app(settings, [&](const json::object& app, const std::string&) {
        add_allowed(world, app, text_at(app, "corp_id"));
    });
    return world;
}

void add_names(World& world, const ConfigNode& names) {
    for (const auto& item : items_of(names, "corps")) {
        for (auto& corp : world.corps) {
            if (corp.id == text_of(item, "id")) {
                corp.name = text_of(item, "name");
            }
        }
    }
    for (const auto& item : items_of(names, "members")) {
        const auto corp_id = text_of(item, "corp");
        const auto user_id = text_of(item, "user");
        if (world.find_corp(corp_id) == nullptr) {
            continue;
        }
        std::erase_if(world.members, [&](const Member& member) {
            return member.corp_id == corp_id && same_user_id(member.user_id, user_id);
        });
        add_member(world, corp_id, user_id, text_of(item, "name"));
    }
}

void add_sample_members(World& world) {
    static const std::array<std::pair<const char*, const char*>, 3> samples{
        {{"zhangsan", "张三"}, {"lisi", "李四"}, {"alice", "Alice Chen"}}};
    for (const auto& corp : world.corps) {
        const bool has_members =
            std::any_of(world.members.begin(), world.members.end(),
                        [&](const Member& member) { return member.corp_id == corp.id; });
        if (!has_members) {
            for (const auto& [user_id, name] : samples) {
                add_member(world, corp.id, user_id, name);
            }
        }
    }
}

}  // namespace hermes::host::simulator
