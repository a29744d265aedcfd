#include "config/watch_config.hpp"

#include <array>

#include "config/section.hpp"

namespace hermes::host {
namespace {

using enum SettingType;

constexpr std::array watch_rows{
    optional_setting("every", duration, "5m", "how often doctor looks", {.low = 1, .high = 86'400}),
    optional_setting("tell", string, nullptr,
                     "account:chat, the administrator who is told what has changed"),
    optional_setting("command", string_list, nullptr,
                     "program and arguments that are told on stdin, relative to this file"),
};

}  // namespace

WatchConfig read_watch(const ConfigNode* section, Problems& problems) {
    WatchConfig watch;
    if (section == nullptr) {
        return watch;
    }
    const auto values = read_section("watch", *section, watch_rows, problems);
    watch.every = values.duration("every");
    watch.command = values.list("command");
    const auto tell = values.text("tell");
    const auto colon = tell.find(':');
    if (colon != std::string::npos && colon > 0 && colon + 1 < tell.size()) {
        watch.account = tell.substr(0, colon);
        watch.chat = tell.substr(colon + 1);
    } else if (!tell.empty()) {
        problems.errors.push_back(
            "watch.tell: expected an account and a chat, such as "
            "hr:ww0123456789abcdef:zhangsan, got \"" +
            tell + '"');
    }
    if (!watch.command.empty() && watch.command.front().empty()) {
        problems.errors.push_back("watch.command: expected a program first");
    }
    return watch;
}

}  // namespace hermes::host
