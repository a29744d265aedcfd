// What waits in an adapter's durable state, message by message: hermes.waiting/1, offered by a
// plugin's descriptor if it keeps such a state. hermes.state/1 has how many there are.
//
// It works on the files (or the database), with or without a gateway running beside it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "hermes/ext/state_inspector.hpp"
#include "hermes/message.hpp"

namespace hermes {

struct AdapterContext;

struct WaitingMessage {
    std::string id;  // as DeadLetter::id would be
    StateSide side = StateSide::inbox;
    std::string account;
    ChatId chat;
    std::string message_id;     // the platform's id of what the person wrote; empty: nobody did
    bool is_worked_on = false;  // by the agent of a gateway that runs
    int attempts = 0;
    std::chrono::system_clock::time_point created_at;
    std::string reason;   // of the last failure; empty: there was none
    std::string preview;  // a line of what was written, or of what is to be sent
};

struct ListWaiting {
    static constexpr const char* extension_name = "hermes.waiting/1";

    // The inbox before the outbox, each oldest first and at most `limit`; of the parts of a message
    // the first that waits. Throws std::runtime_error, and nothing else, with a sentence for the
    // operator.  [control]
    std::vector<WaitingMessage> (*waiting)(const AdapterContext& context, std::size_t limit);
};

}  // namespace hermes
