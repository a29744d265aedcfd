// What an operator does with an adapter's durable state beside reading and retrying it: look what
// became of a message, back it up, forget a member. hermes.upkeep/1, offered by a plugin's
// descriptor if it keeps such a state.
//
// It works on the files (or the database), with or without a gateway running beside it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hermes/message.hpp"

namespace hermes {

struct AdapterContext;

// Which messages: those that fit all that is given, the newest `limit` of them.
struct StoryFilter {
    // EventId, a dead letter's id (`in-17`, `out-4`), or the platform's id of what was written.
    std::string id{};
    std::string chat{};  // as ChatId
    std::size_t limit = 1;
};

struct StoryMoment {
    std::optional<std::chrono::system_clock::time_point> at{};  // where it is known
    std::string sentence{};  // one line, without what was written
};

// What became of what somebody wrote.
struct MessageStory {
    EventId event{};  // empty: of a message that answers none, as a command sends it
    std::string account{};
    ChatId chat{};
    std::vector<StoryMoment> moments{};  // in order
};

struct Forgotten {
    std::size_t texts = 0;       // events and messages of which the words are gone
    std::size_t files = 0;       // that the member sent
    std::size_t remembered = 0;  // other things: a name, a question, when somebody was greeted
    std::size_t under_way = 0;   // events and messages that are not finished, and stay
};

struct KeepUpState {
    static constexpr const char* extension_name = "hermes.upkeep/1";

    // None is ever null. They keep nothing of what they are given, and throw std::runtime_error,
    // and nothing else, with a sentence for the operator; nothing is changed then.  [control]

    // Oldest first.
    std::vector<MessageStory> (*stories)(const AdapterContext& context, const StoryFilter& filter);
    // Writes all of it, as it is at one moment, to a file that is not there yet, for its owner
    // alone, and reads that back. Returns what was written, as a sentence.
    std::string (*back_up)(const AdapterContext& context, const std::string& file);
    // Removes what this person has written and was written, wherever it is. `chat` is one of a
    // person. Repeated callbacks are still known as such.
    Forgotten (*forget)(const AdapterContext& context, const std::string& chat);
};

}  // namespace hermes
