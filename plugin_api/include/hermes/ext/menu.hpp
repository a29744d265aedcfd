// The menu that a platform shows in the chats of an account, for an operator to look at and change:
// hermes.menu/1, offered by the descriptor of a plugin whose platform has menus.
//
// It asks the platform itself, with or without a gateway running, and waits for the answer. What a
// member chooses from the menu comes as an event.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hermes {

struct AdapterContext;

struct EditMenu {
    static constexpr const char* extension_name = "hermes.menu/1";

    // None is ever null. `account` is as MessageEvent::account says it; empty: the only one there
    // is. They keep nothing of what they are given, and throw std::runtime_error, and nothing else,
    // with a sentence for the operator; nothing is changed then.  [control]

    // The menu in the platform's own form, readable, as `set` takes it; empty if there is none.
    std::optional<std::string> (*show)(const AdapterContext& context, const std::string& account);
    // Puts it in place of what was there. What is wrong with it is all in the sentence thrown, a
    // line each, and the platform has not been asked. Returns what is right but perhaps not meant,
    // a sentence each.
    std::vector<std::string> (*set)(const AdapterContext& context, const std::string& account,
                                    const std::string& menu);
    void (*remove)(const AdapterContext& context, const std::string& account);
};

}  // namespace hermes
