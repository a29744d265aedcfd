// What leaves: the host's messages and our own, planned beside the loop and given to the engine.
#pragma once

#include <optional>
#include <string>

#include "base/log.hpp"
#include "durable/engine.hpp"
#include "hermes/message.hpp"
#include "hermes/platform_adapter.hpp"
#include "outgoing/questions.hpp"
#include "settings/current_settings.hpp"

namespace hermes::wecom {

class OutgoingMessages {
public:
    // All references outlive the engine's stop.
    OutgoingMessages(durable::Engine& engine, Questions& questions, const CurrentSettings& settings,
                     const base::Log& log)
        : engine_(engine), questions_(questions), settings_(settings), log_(log) {}

    // As PlatformAdapter::send. False: the engine has stopped; `handler` was not called.  [any]
    bool send(OutboundMessage message, SendHandler handler);
    // A notice of our own, unless it was said already; it goes the way of the agent's, also in what
    // is left of the time of a stop.  [any]
    void say(const App& app, const ChatAddress& member, std::string text, durable::OnlyOnce once);

private:
    // Of our own.
    struct Notice {
        std::string answers;  // the account that heard what it answers
        durable::OnlyOnce once;
    };

    void plan(const OutboundMessage& message, std::optional<Notice> notice, SendHandler handler);
    void keep_lost(const OutboundMessage& message, const SendResult& refused, SendHandler handler);
    void tell(SendHandler handler, SendResult result);

    durable::Engine& engine_;
    Questions& questions_;
    const CurrentSettings& settings_;
    const base::Log& log_;
};

}  // namespace hermes::wecom
