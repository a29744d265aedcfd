#include "policy/menu_texts.hpp"

#include "base/ascii.hpp"

namespace hermes::wecom {
namespace {

constexpr std::string_view made_in_the_console = "#sendmsg#";

}  // namespace

std::variant<MenuTexts, std::size_t> MenuTexts::from_entries(
    const std::vector<std::string>& entries) {
    MenuTexts menu;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string_view entry = entries[i];
        const auto equals = entry.find('=');
        const auto key = base::trim(entry.substr(0, equals));
        const auto text =
            equals == std::string_view::npos ? "" : base::trim(entry.substr(equals + 1));
        if (key.empty() || text.empty() || !menu.texts_.emplace(key, text).second) {
            return i;
        }
    }
    return menu;
}

const std::string* MenuTexts::find(std::string_view key) const {
    auto found = texts_.find(key);
    if (found == texts_.end() && key.starts_with(made_in_the_console)) {
        found = texts_.find(key.substr(0, key.rfind('#')));
    }
    return found == texts_.end() ? nullptr : &found->second;
}

const std::string* MenuTexts::text_of(const InboundMessage& message) const {
    return message.kind == InboundKind::click ? find(message.event_key) : nullptr;
}

}  // namespace hermes::wecom
