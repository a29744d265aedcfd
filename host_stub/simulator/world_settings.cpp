#include "simulator/world_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "output/exit_code.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::string_view settings_path = "platforms.wecom_callback.extra.";

[[noreturn]] void refuse(std::string_view key, std::string_view why) {
    throw UsageError(std::string(settings_path).append(key).append(": ").append(why));
}

// Calls `use` with each app's settings and the key path before its keys.
template <typename Use>
void for_each_app(const PlatformSettings& settings, Use use) {
    if (settings.entries.empty()) {
        use(settings, std::string());
    }
    for (std::size_t i = 0; i < settings.entries.size(); ++i) {
        use(settings.entries[i], "apps[" + std::to_string(i) + "].");
    }
}

App app_of(const SettingsMap& settings, const std::string& callback_url) {
    const auto name = settings.text("name");
    return {.name = name.empty() ? "default" : name,
            .corp_id = settings.text("corp_id"),
            .agent_id = settings.integer("agent_id"),
            .corp_secret = base::Secret(settings.text("corp_secret")),
            .callback_token = base::Secret(settings.text("token")),
            .encoding_aes_key = base::Secret(settings.text("encoding_aes_key")),
            .callback_url = callback_url};
}

void add_member(World& world, Member member) {
    if (!member.user_id.empty() && member.user_id != "*" &&
        world.find_member(member.corp_id, member.user_id) == nullptr) {
        member.name = member.name.empty() ? member.user_id : member.name;
        world.members.push_back(std::move(member));
    }
}

// `user` is of the corp given; `corp:user` names its own.
void add_allowed(World& world, const SettingsMap& settings, const std::string& corp_id) {
    for (const auto& id : settings.list("allowed_users")) {
        const auto colon = id.find(':');
        if (colon == std::string::npos) {
            add_member(world, {corp_id, id, {}});
        } else if (world.find_corp(id.substr(0, colon)) != nullptr) {
            add_member(world, {id.substr(0, colon), id.substr(colon + 1), {}});
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

std::vector<std::int64_t> numbers_of(const ConfigNode& item, std::string_view key) {
    std::vector<std::int64_t> numbers;
    for (const auto& node : items_of(item, key)) {
        const auto& text = node.text;
        const auto* const end = text.data() + text.size();
        std::int64_t number = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc() || stop != end || number < 1) {
            throw UsageError("world.yaml: " + std::string(key) + " holds `" + text +
                             "`, which is no number such as 2");
        }
        numbers.push_back(number);
    }
    return numbers;
}

}  // namespace

GatewayAddress gateway_address(const PlatformSettings& settings) {
    for_each_app(settings, [&](const SettingsMap& app, const std::string& path) {
        if (!path.empty() && app.has("api_base")) {
            refuse(path + "api_base",
                   "is fixed, so that this app would call the real WeCom: "
                   "remove it from a configuration to simulate with");
        }
        if (!app.text("proxy").empty()) {
            refuse(path + "proxy",
                   "would be asked for a WeCom that is on this machine: remove it "
                   "from a configuration to simulate with");
        }
    });
    if (!settings.text("proxy").empty()) {
        refuse("proxy",
               "would be asked for a WeCom that is on this machine: remove it from a "
               "configuration to simulate with");
    }
    const auto port = settings.integer("port");
    if (port < 1 || port > 65535) {
        refuse("port", "must be fixed, so that the simulator knows where to send callbacks");
    }
    const auto certificate = settings.text("tls_certificate");
    return {.host = url_host(settings.text("host")),
            .port = static_cast<std::uint16_t>(port),
            .path = settings.text("path"),
            .scheme = certificate.empty() ? "http" : "https",
            .tls_certificate = certificate};
}

World world_of_settings(const PlatformSettings& settings, const GatewayAddress& address) {
    const auto url =
        address.scheme + "://" + address.host + ":" + std::to_string(address.port) + address.path;
    World world;
    for_each_app(settings, [&](const SettingsMap& app, const std::string&) {
        world.apps.push_back(app_of(app, url));
        const auto& corp_id = world.apps.back().corp_id;
        if (world.find_corp(corp_id) == nullptr) {
            world.corps.push_back({corp_id, corp_id});
        }
    });
    if (!world.corps.empty()) {
        add_allowed(world, settings, world.corps.front().id);
    }
    for_each_app(settings, [&](const SettingsMap& app, const std::string&) {
        add_allowed(world, app, app.text("corp_id"));
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
        add_member(world, {corp_id, user_id, text_of(item, "name"), numbers_of(item, "parties"),
                           numbers_of(item, "tags")});
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
                add_member(world, {corp.id, user_id, name});
            }
        }
    }
}

}  // namespace hermes::host::simulator
