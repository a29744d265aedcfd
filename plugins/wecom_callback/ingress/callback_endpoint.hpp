// The callback path: decides about each request, commits what it accepts, then acknowledges.
//
// Runs on the HTTP server's threads; waits for nothing. What is accepted is answered by the
// store's writer after the commit.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingress/refusal_log.hpp"
#include "policy/callback.hpp"
#include "state/store.hpp"
#include "support/clock.hpp"
#include "support/http_server.hpp"
#include "support/log.hpp"
#include "support/metrics.hpp"

namespace hermes::wecom {

class CallbackEndpoint {
public:
    // Whether the host answers a text by itself and at once.
    using AnswersAtOnce = std::function<bool(std::string_view text)>;

    // `store`, `refusals` and `metrics` outlive this object.
    CallbackEndpoint(std::vector<CallbackApp> apps, AnswersAtOnce answers_at_once, Store& store,
                     support::Clock clock, RefusalLog& refusals, support::Log log,
                     support::Metrics& metrics);

    // `address` is the client's, for the log.
    void handle(const support::HttpRequest& request, std::string_view address,
                support::Responder respond);

private:
    void respond(const Respond& decision, std::string_view address, support::Responder respond);
    void accept(Accept decision, support::Responder respond);

    std::vector<CallbackApp> apps_;
    AnswersAtOnce answers_at_once_;
    Store& store_;
    support::Clock clock_;
    RefusalLog& refusals_;
    support::Log log_;
    support::Counter accepted_;
    support::Counter duplicates_;
    support::Counter ignored_;
    support::Counter refused_;
    support::Counter forbidden_;
    support::Counter unavailable_;
};

}  // namespace hermes::wecom
