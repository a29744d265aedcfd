// Takes a message back that was sent: hermes.recall/1, offered by the descriptor of a plugin whose
// platform can do that.
//
// It asks the platform itself, with or without a gateway running, and waits for the answer.
#pragma once

#include <cstddef>
#include <string>

namespace hermes {

struct AdapterContext;

struct RecallMessage {
    static constexpr const char* extension_name = "hermes.recall/1";

    // Takes back the message of which `message_id` (SendResult::message_id) is a part, all its
    // parts if the plugin still knows them. Returns how many it took back. `account` is as
    // MessageEvent::account says it; empty: the one that sent it, if that is known, or the only one
    // there is. Never null. Throws std::runtime_error, and nothing else, with a sentence for the
    // operator: which says so if some of the parts are back.  [control]
    std::size_t (*recall)(const AdapterContext& context, const std::string& account,
                          const std::string& message_id);
};

}  // namespace hermes
