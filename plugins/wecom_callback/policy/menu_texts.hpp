// What the agent is given instead of a menu entry's key.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/inbound.hpp"

namespace hermes::wecom {

class MenuTexts {
public:
    // Entries `key=text`. Errors: the first that is none, as its index in `entries`.
    static std::variant<MenuTexts, std::size_t> from_entries(
        const std::vector<std::string>& entries);

    // Null: the key has no text. A menu that was made in the admin console has keys such as
    // `#sendmsg#_0_1#7599827461`, of which only the place is known beforehand: an entry
    // `#sendmsg#_0_1` is the text of them all.
    const std::string* find(std::string_view key) const;
    // That of the entry which a message has chosen. Null also for what is no choice from the menu.
    const std::string* text_of(const InboundMessage& message) const;

private:
    std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace hermes::wecom
