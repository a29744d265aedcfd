// A chat platform as the gateway sees it: it starts, hands over what people write, and delivers
// what the agent answers.
//
// The host owns the adapter. The adapter owns its sockets, its threads and its durable state.
// They share nothing else: no executor, no exception type (docs/plugin-boundary.md says why).
//
// Life      create -> start -> { begin, send, settle, capabilities } -> stop -> destroy.
//           No restart: a host that wants one creates a fresh adapter.
// Threads   [control]  the host calls from one thread at a time; these calls never overlap.
//           [any]      any thread, at any time from create to destroy, concurrently.
//           [adapter]  a thread of the adapter's; what runs there returns soon, never throws.
//           [waits]    any thread of the host's but an adapter's: the call waits for the disk.
// Locks     neither side holds one while it calls the other.
// Strings   UTF-8. An argument passed by view is valid until the call returns.
//
// Scenarios a host must be ready for:
//   the agent answers      send(reply to event): the event is settled by the same commit.
//   the process is killed  before that commit: the event comes again, with attempt + 1 if the agent
//                          had begun to work on it.
//   stop with sends open   each handler is told `deferred`; they leave after the next start.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "hermes/capabilities.hpp"
#include "hermes/message.hpp"
#include "hermes/send_result.hpp"

namespace hermes {

// Learns what became of one message. May call send and settle; must not destroy the adapter.
// [adapter]
using SendHandler = std::function<void(const SendResult&)>;

class PlatformAdapter {
public:
    PlatformAdapter(const PlatformAdapter&) = delete;
    PlatformAdapter& operator=(const PlatformAdapter&) = delete;
    virtual ~PlatformAdapter() = default;  // After stop, or after a failed start.  [control]

    // Opens the state, listens, and hands over events, those that an earlier run left unsettled
    // first; the first on_message may come before start returns. Throws std::runtime_error, and
    // nothing else, with a sentence that names the setting to change; nothing is left running
    // then.  [control]
    virtual void start() = 0;

    // Refuses new work at once, finishes what it can until `deadline`, completes every open
    // handler, and joins the adapter's threads. Once it has returned, nothing of the host is
    // called or held. May be called again, or without start.  [control]
    virtual void stop(std::chrono::steady_clock::time_point deadline) noexcept = 0;

    // Takes a message for delivery; waits for neither disk nor network. `handler` may be empty;
    // otherwise it is called exactly once, never from inside send, and is destroyed before stop
    // returns:
    //   delivered  the platform accepted every part of the message;
    //   failed     it will not be delivered; the result says why in words for a person;
    //   deferred   it is in the outbox and survives a restart, but stop came first.
    // A message that holds what this adapter can't deliver (Capabilities: an attachment, a
    // question) fails as a whole, with SendError::invalid and a sentence that says what it is,
    // whatever its chat; no part of it is dropped to deliver the rest.
    // Before start and after stop nothing is taken: there `handler` is called with `failed` and
    // SendError::stopped on the calling thread, the one exception to "never from inside send".
    // A process killed before the outbox commit loses the message, but not the event that it
    // answers: that comes again, and the agent answers it again. A message that answers nothing
    // is lost in that window. A final reply that can't be delivered at all (its account is gone, it
    // has no text) is kept where the operator finds it, in the commit that settles its
    // event.  [any]
    virtual void send(OutboundMessage message, SendHandler handler) noexcept = 0;

    // The host calls it when the agent's turn on an event starts, and lets the agent work only if
    // it is true. It charges the event with one attempt, since the turn may bring the process down,
    // and returns when the charge is durable, however long the disk takes. False, and without a
    // charge:
    //   before start, after stop, and from the moment that stop begins: stop ends the calls that
    //   wait, and waits for none of them to be made or to return;
    //   for an event that is settled: by settle at once, by a final reply from its commit on;
    //   for whatever this adapter did not hand over, whatever the id says.
    // Idempotent: as often as it is called for an event, and from as many threads, there is one
    // charge for each time that the event was handed over, and every call waits for that one.
    // An event that only waits in the host, or that the host answers by itself, is never charged.
    // If the process ends without stop, a charged event comes again with attempt + 1; stop takes
    // the charges of what is unsettled back, so after it the attempt is the same. Either way it is
    // `redelivered`. Without Capabilities::redelivery there is nothing to charge; the answer is the
    // same.  [waits]
    virtual bool begin(const EventId& event) noexcept = 0;

    // The host has finished with an event that gets no reply: it shall not come again.
    // Idempotent; unknown ids are ignored.  [any]
    virtual void settle(const EventId& event) noexcept = 0;

    // Constant.  [any]
    virtual Capabilities capabilities() const noexcept = 0;

    // What this adapter offers under that name (ext/extension.hpp), nullptr if it does not.
    // Constant.  [any]
    virtual void* extension(std::string_view /*id*/) noexcept { return nullptr; }

protected:
    PlatformAdapter() = default;
};

}  // namespace hermes
