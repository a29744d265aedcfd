#include "loader/flat_config.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string_view>
#include <variant>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

constexpr const char* masked = "****";
constexpr const char* needs_a_restart = " (needs a restart)";

std::string keyed_digest(const std::string& salt, const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ::HMAC(::EVP_sha256(), salt.data(), static_cast<int>(salt.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
    return base::hex(std::span(digest).first(size));
}

struct ShowValue {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::chrono::seconds time) const {
        return std::to_string(time.count()) + "s";
    }
    std::string operator()(const std::vector<std::string>& list) const {
        std::string text;
        for (const auto& item : list) {
            text += (text.empty() ? "" : ", ") + item;
        }
        return '[' + text + ']';
    }
};

class Flattening {
public:
    explicit Flattening(const std::string& salt) : salt_(salt) {}

    void add(const std::string& path, const std::string& text, SettingSecrecy secrecy) {
        const bool is_secret = secrecy == SettingSecrecy::secret;
        flat[path] =
            is_secret ? FlatValue{masked, keyed_digest(salt_, text)} : FlatValue{text, text};
    }

    void add(const std::string& path, const ConfigNode& node) {
        if (node.kind == ConfigNode::Kind::scalar) {
            add(path, node.text, SettingSecrecy::plain);
        }
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            add(path + '[' + std::to_string(i) + ']', node.items[i]);
        }
        for (const auto& [key, value] : node.entries) {
            add(path + '.' + key, value);
        }
    }

    void add(const std::string& path, const SettingsMap& settings, std::span<const Setting> rows) {
        for (const auto& row : rows) {
            if (const auto value = settings.values.find(row.key); value != settings.values.end()) {
                add(path + row.key, std::visit(ShowValue(), value->second), row.secrecy);
            }
        }
    }

    FlatConfig flat;

private:
    const std::string& salt_;
};

// What comes and goes as a whole: "platforms.wecom_callback", and "...apps[hr]".
std::vector<std::string> groups_of(const std::string& path) {
    std::vector<std::string> groups;
    constexpr std::string_view platforms = "platforms.";
    if (path.starts_with(platforms)) {
        groups.push_back(path.substr(0, path.find('.', platforms.size())));
        if (const auto end = path.find("]."); end != std::string::npos) {
            groups.push_back(path.substr(0, end + 1));
        }
    }
    return groups;
}

std::set<std::string> groups_of(const FlatConfig& config) {
    std::set<std::string> all;
    for (const auto& [path, value] : config) {
        const auto groups = groups_of(path);
        all.insert(groups.begin(), groups.end());
    }
    return all;
}

std::string difference(const FlatValue* now, const FlatValue* next) {
    if (now != nullptr && next != nullptr && now->shown == masked && next->shown == masked) {
        return "another value";
    }
    return (now != nullptr ? now->shown : "not set") + " -> " +
           (next != nullptr ? next->shown : "not set");
}

const FlatValue* find(const FlatConfig& config, const std::string& path) {
    const auto found = config.find(path);
    return found == config.end() ? nullptr : &found->second;
}

}  // namespace

FlatConfig flatten(const HostConfig& config, const std::vector<ConfiguredPlatform>& platforms,
                   const std::string& salt) {
    Flattening all(salt);
    all.add("plugins_dir", config.plugins_dir.string(), SettingSecrecy::plain);
    all.add("data_dir", config.data_dir.string(), SettingSecrecy::plain);
    for (const auto& [key, section] : config.sections.entries) {
        all.add(key, section);
    }
    auto agents = config.agents;
    agents.push_back({.accounts = {}, .config = config.agent});
    for (const auto& [accounts, agent] : agents) {
        if (!agent.api_key.empty()) {
            all.add("the key in " + agent.place_of_key(), agent.api_key.expose_secret(),
                    SettingSecrecy::secret);
        }
    }
    for (const auto& platform : platforms) {
        const auto& descriptor = platform.plugin->descriptor();
        const std::span rows(descriptor.settings, descriptor.setting_count);
        const auto path = "platforms." + platform.plugin->name();
        all.add(path + ".extra.", platform.settings, rows);
        for (std::size_t i = 0; i < platform.settings.entries.size(); ++i) {
            all.add(path + ".extra." + descriptor.entry_list + '[' + platform.accounts[i] + "].",
                    platform.settings.entries[i], rows);
        }
    }
    return std::move(all.flat);
}

bool is_within(std::string_view path, std::string_view whole) {
    return path.starts_with(whole) &&
           (path.size() == whole.size() || path[whole.size()] == '.' || path[whole.size()] == '[');
}

KeptPaths kept_by_the_host() {
    return {"plugins_dir",     "data_dir",           "log",
            "agent.turns_max", "agent.notice_after", "agent.notice_every",
            "agent.notice_zh", "agent.notice_en",    "watch"};
}

std::vector<std::string> differences(const FlatConfig& now, const FlatConfig& next,
                                     const KeptPaths& kept) {
    const auto groups_now = groups_of(now);
    const auto groups_next = groups_of(next);
    // The outermost group of the path that only one of them has; empty: there is none.
    const auto whole_of = [&](const std::string& path) {
        for (auto& group : groups_of(path)) {
            if (groups_now.contains(group) != groups_next.contains(group)) {
                return std::move(group);
            }
        }
        return std::string();
    };
    const auto restart = [&](const std::string& path) {
        const bool is_platform =
            path.find('.') == path.rfind('.') && path.starts_with("platforms.");
        const bool is_kept =
            is_platform || std::any_of(kept.begin(), kept.end(),
                                       [&](const auto& whole) { return is_within(path, whole); });
        return is_kept ? needs_a_restart : "";
    };
    std::map<std::string, std::string> lines;  // by what they are about
    for (const auto* config : {&now, &next}) {
        for (const auto& [path, value] : *config) {
            const auto* before = find(now, path);
            const auto* after = find(next, path);
            if (const auto whole = whole_of(path); !whole.empty()) {
                lines[whole] = groups_next.contains(whole) ? "new" : "gone";
            } else if (before == nullptr || after == nullptr || !(*before == *after)) {
                lines[path] = difference(before, after);
            }
        }
    }
    std::vector<std::string> shown;
    shown.reserve(lines.size());
    for (const auto& [path, line] : lines) {
        shown.push_back(path + ": " + line + restart(path));
    }
    return shown;
}

bool is_a_restart_needed(const std::vector<std::string>& lines) {
    return std::ranges::any_of(
        lines, [](const std::string& line) { return line.ends_with(needs_a_restart); });
}

}  // namespace hermes::host
