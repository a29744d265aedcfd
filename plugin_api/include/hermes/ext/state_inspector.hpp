// An operator's view into an adapter's durable state: hermes.state/1, offered by a plugin's
// descriptor if it keeps such a state.
//
// It works on the files (or the database), with or without a gateway running beside it. The host
// owns it, calls it from one thread at a time, and destroys it before the library is unloaded; it
// keeps nothing of what it is given. Every function may throw std::runtime_error, and nothing else,
// with a sentence for the operator; it has changed nothing then.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hermes/message.hpp"

namespace hermes {

struct AdapterContext;

enum class StateSide { inbox, outbox };

struct StateCounts {
    std::int64_t pending = 0;    // durable, not handed to the agent / not tried yet
    std::int64_t in_flight = 0;  // inbox: handed over, not settled
    std::int64_t retrying = 0;   // tried at least once, will be tried again
    std::int64_t dead = 0;       // set aside after the last attempt
    std::optional<std::chrono::system_clock::time_point> oldest;  // of what is not dead
};

struct StateSummary {
    std::string location;  // the file or database, without credentials
    StateCounts inbox;
    StateCounts outbox;
};

struct DeadLetter {
    std::string id;  // `in-17` or `out-4`: what `retry` and `drop` take
    StateSide side = StateSide::inbox;
    std::string account;
    ChatId chat;
    int attempts = 0;
    std::chrono::system_clock::time_point created_at;
    int platform_code = 0;  // the platform's own number of the last failure, 0 if there is none
    std::string reason;
    std::string content;  // the message itself
    std::string preview;  // a line of it
};

// Which dead letters, of both sides: those that fit all that is given.
struct DeadLetterFilter {
    // Of the last failure. Empty or 0: any, also none, since 0 is no code. With any other code no
    // letter fits that has none, such as an event.
    std::optional<int> platform_code{};
    std::optional<std::chrono::system_clock::time_point> since{};  // set aside then or later
    std::string account{};  // as DeadLetter::account says it; empty: any
};

class StateInspector {
public:
    StateInspector(const StateInspector&) = delete;
    StateInspector& operator=(const StateInspector&) = delete;
    virtual ~StateInspector() = default;

    virtual StateSummary summary() = 0;
    // The inbox before the outbox, each oldest first, at most `limit`.
    virtual std::vector<DeadLetter> dead_letters(std::size_t limit) = 0;
    // Empty if there is no dead letter of that id.
    virtual std::optional<DeadLetter> dead_letter(const std::string& id) = 0;
    // Puts it back with a fresh count of attempts; a running gateway takes it up within seconds.
    // False if there is no such dead letter. Throws for one that can't be put back, since nobody
    // could ever deliver it.
    virtual bool retry(const std::string& id) = 0;
    // As retry, for all that fit, in one step: all of them or, if it throws, none. Returns how many
    // letters it put back; those that can't be stay dead letters and do not count. None that fits,
    // or an account that does not exist: 0. Within a chat, what is put back goes on in the order in
    // which it first came.
    virtual std::size_t retry_all(const DeadLetterFilter& filter) = 0;
    virtual bool drop(const std::string& id) = 0;

protected:
    StateInspector() = default;
};

struct InspectState {
    static constexpr const char* extension_name = "hermes.state/1";

    // Never null, and never returns null. Throws std::runtime_error, and nothing else, with a
    // sentence for the operator.  [control]
    std::unique_ptr<StateInspector> (*inspect)(const AdapterContext& context);
};

}  // namespace hermes
