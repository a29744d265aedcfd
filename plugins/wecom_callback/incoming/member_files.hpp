// The files that members send, on their way to the agent.
#pragma once

#include <string>

#include "api/access_tokens.hpp"
#include "api/wecom_api.hpp"
#include "api/wecom_fetcher.hpp"
#include "durable/engine.hpp"
#include "hermes/message.hpp"
#include "http/metrics.hpp"
#include "incoming/transcriber.hpp"
#include "policy/current_apps.hpp"
#include "protocol/inbound.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// Where they are kept; `data_directory` is the adapter's.
std::string media_folder(const Settings& settings, const std::string& data_directory);

class MemberFiles {
public:
    // Lets `engine` fetch through this. All references outlive the engine's stop. Throws
    // std::runtime_error if there can be no such folder.
    MemberFiles(durable::Engine& engine, WecomApi& api, AccessTokens& tokens,
                const CurrentApps& apps, const Settings& settings, const std::string& folder,
                const base::Clock& clock, const base::Log& log, http::Metrics& metrics);

    // What runs to turn voice into text is ended; its events are not ready. May be called again.
    void stop() noexcept { transcriber_.stop(); }

    // As Inbox::Handlers::make_ready, of an event that says `message`.  [loop]
    void make_ready(durable::StoredEvent stored, const InboundMessage& message,
                    durable::Inbox::Ready ready);
    // A line for the operator on each file without which, or without whose words, `event` goes to
    // the agent.
    void say_what_is_missing(const durable::StoredEvent& stored, const MessageEvent& event) const;

private:
    void listen_to_it(const Transcription& how, durable::StoredEvent stored,
                      durable::Inbox::Ready ready);

    durable::Engine& engine_;
    const base::Log& log_;
    const CurrentApps& apps_;
    WecomFetcher fetcher_;
    Transcriber transcriber_;
};

}  // namespace hermes::wecom
