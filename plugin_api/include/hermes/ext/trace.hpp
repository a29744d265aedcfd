// The way of a message through a platform, step by step: hermes.trace/1, offered by a host that
// shows or keeps it. A plugin asks its host once, with extension_of<Trace>(host), and tells nothing
// if there is none.
//
// A host may not offer it because nobody wants to know; so what no trace is offered for need not
// even be put together.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "hermes/message.hpp"

namespace hermes {

// What is known of the message at that step, and the step itself. What is not known is empty.
struct TraceStep {
    enum class Kind {
        received,       // it came in, and is not durable yet
        stored,         // an event of it is durable; the platform's servers are told so
        known_already,  // it came in once more
        handed_over,    // AdapterHost::on_message follows
        begun,          // the agent may work on it
        settled,        // nothing of it comes again
        reply_stored,   // what answers it is durable
        delivered,      // the platform has accepted all of what answers it
        put_off,        // an attempt failed, and there will be another one
        set_aside,      // nobody tries any more; the operator finds it
        attempted,      // the platform is asked to accept a part of what answers it
    };

    Kind kind = Kind::received;
    EventId event{};
    std::string message_id{};  // the platform's id of what the person sent
    std::string account{};     // as MessageEvent::account has it
    std::string user_id{};
    std::string sentence{};  // what happened, one line for a person, without secrets
    std::optional<std::chrono::microseconds> took{};  // since what the sentence says
};

class Trace {
public:
    static constexpr const char* extension_name = "hermes.trace/1";

    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    // Keeps what it is told and returns at once: it runs on a thread that the adapter needs. Steps
    // of one message may come from several threads, and a later one before an earlier one.  [any]
    virtual void step(const TraceStep& step) noexcept = 0;

protected:
    Trace() = default;
    ~Trace() = default;  // it is the host's
};

}  // namespace hermes
