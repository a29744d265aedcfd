// Who may include whom. Each failure says what to do instead.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/sources.hpp"

namespace hermes::test {

namespace {

// The rooms, by their folder, and whose headers each may include beside its own and those of
// libraries. `hermes` is plugin_api.
const std::map<std::string, std::set<std::string>>& rooms() {
    static const std::map<std::string, std::set<std::string>> allowed{
        {"plugin_api/include/hermes", {"hermes"}},
        {"plugins/base", {}},
        {"plugins/http", {"base"}},
        {"plugins/text", {"base"}},
        {"plugins/durable", {"base", "hermes"}},
        {"plugins/wecom_callback/protocol", {"base"}},
        {"plugins/wecom_callback/policy", {"base", "protocol"}},
        {"plugins/wecom_callback/api", {"base", "http", "durable", "protocol", "policy"}},
        {"plugins/wecom_callback/ingress",
         {"base", "http", "durable", "protocol", "policy", "hermes"}},
        {"plugins/wecom_callback/settings",
         {"base", "http", "text", "durable", "protocol", "policy", "api", "ingress", "hermes"}},
        {"plugins/wecom_callback/incoming",
         {"base", "http", "durable", "protocol", "policy", "api", "settings", "hermes"}},
        {"plugins/wecom_callback/outgoing",
         {"base", "text", "durable", "protocol", "policy", "api", "settings", "incoming",
          "hermes"}},
        {"plugins/wecom_callback/metrics",
         {"base", "http", "durable", "protocol", "policy", "api", "ingress", "hermes"}},
        {"plugins/wecom_callback/operator",
         {"base", "http", "durable", "protocol", "policy", "api", "ingress", "settings", "incoming",
          "outgoing", "hermes"}},
        {"plugins/wecom_callback",
         {"base", "http", "text", "durable", "protocol", "policy", "api", "ingress", "settings",
          "incoming", "outgoing", "metrics", "operator", "hermes"}},
        {"plugins/echo_platform", {"hermes"}},
        {"host_stub", {"base", "http", "hermes"}},
    };
    return allowed;
}

// The room that a file is in: the longest of those folders that its path begins with.
std::string room_of(std::string folder) {
    do {
        folder.resize(folder.find_last_of('/') == std::string::npos ? 0 : folder.rfind('/'));
    } while (!folder.empty() && !rooms().contains(folder));
    return folder;
}

bool is_room(const std::string& name) {
    return std::ranges::any_of(rooms(), [&](const auto& room) {
        return room.first.substr(room.first.rfind('/') + 1) == name;
    });
}

}  // namespace

TEST_SUITE("rules/includes") {
    TEST_CASE("dependencies point one way: no room includes one that is above or beside it") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                const auto room = room_of(path);
                const auto target = included(line);
                if (room.empty() || target.empty()) {
                    return false;
                }
                const auto own = room.substr(room.rfind('/') + 1);
                const auto folder = target.substr(0, target.find('/'));
                if (folder == target) {  // without a folder: beside the file, or a library's
                    return line.find('"') != std::string::npos && own != "wecom_callback" &&
                           own != "host_stub" && own != "echo_platform";
                }
                return is_room(folder) && folder != own && !rooms().at(room).contains(folder);
            });
        CHECK_MESSAGE(broken == "", "move what both need into a lower room: ", broken);
    }

    TEST_CASE("the folders of a large room stand on each other, and none includes one above it") {
        struct Building {
            std::string room;
            std::string prefix;                   // of what it includes of itself
            std::vector<std::string> from_below;  // "": beside the folders
        };
        const std::vector<Building> buildings{
            {"plugins/durable/",
             "durable/",
             {"database", "cluster", "facts", "inbox", "files", "outbox", "store", "delivery",
              "media", "operator", ""}},
            {"host_stub/",
             "",
             {"system", "config", "output", "chinese", "guide", "agents", "loader", "conversation",
              "gateway", "watch", "plugin_check", "commands", "simulator", "cli", ""}}};
        const auto files = sources({".hpp", ".cpp"});
        for (const auto& [room, prefix, from_below] : buildings) {
            const auto level_of = [&](const std::string& path) {
                const auto slash = path.find('/');
                const auto folder = slash == std::string::npos ? "" : path.substr(0, slash);
                return std::ranges::find(from_below, folder) - from_below.begin();
            };
            const auto top = static_cast<std::ptrdiff_t>(from_below.size());
            const auto broken = offenders(files, [&](const auto& path, const auto& line) {
                const auto target = included(line);
                if (target.empty() || line.find('"') == std::string::npos ||
                    !path.starts_with(room) || !target.starts_with(prefix)) {
                    return false;
                }
                const auto level = level_of(target.substr(prefix.size()));
                return level < top && level > level_of(path.substr(room.size()));
            });
            CHECK_MESSAGE(broken == "", "move what both need into a lower folder: ", broken);
            for (const auto& file : files) {
                CHECK_MESSAGE(
                    (!file.path.starts_with(room) || level_of(file.path.substr(room.size())) < top),
                    "say on which folders it stands: ", file.path);
            }
        }
    }

    TEST_CASE(
        "WeCom on loopback knows nothing of who looks at it, and of the host only rooms below") {
        const auto broken =
            offenders(sources({".hpp", ".cpp"}), [](const auto& path, const auto& line) {
                const auto target = included(line);
                const auto folder = target.substr(0, target.find('/'));
                return path.starts_with("host_stub/simulator/wecom/") && folder != target &&
                       line.find('"') != std::string::npos && folder != "base" &&
                       folder != "http" && !target.starts_with("simulator/wecom/");
            });
        CHECK_MESSAGE(broken == "", "it is a witness against both: ", broken);
    }

    TEST_CASE("the public headers depend on the standard library alone") {
        const auto broken = offenders(sources({".hpp"}), [](const auto& path, const auto& line) {
            const auto target = included(line);
            return path.starts_with("plugin_api/include/") && !target.empty() &&
                   target.find('/') != std::string::npos && !target.starts_with("hermes/");
        });
        CHECK_MESSAGE(broken == "", "an existing host has another Boost: ", broken);
    }

    TEST_CASE("pure rooms include nothing that does I/O or tells the time") {
        const auto broken = offenders(sources({".hpp", ".cpp"}), [](const auto& path,
                                                                    const auto& line) {
            static const std::set<std::string> impure{"fstream",    "iostream", "thread",  "mutex",
                                                      "filesystem", "random",   "unistd.h"};
            static const std::set<std::string> pure{
                "plugins/text", "plugins/wecom_callback/protocol", "plugins/wecom_callback/policy"};
            return pure.contains(room_of(path)) && impure.contains(included(line));
        });
        CHECK_MESSAGE(broken == "", "pass time, chance and bytes in: ", broken);
    }
}

}  // namespace hermes::test
