// The callback path: decides about each request, commits what it accepts, then acknowledges.
//
// Runs on the HTTP server's threads; waits for nothing. What is accepted is answered by the
// store's writer after the commit.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "durable/store/store.hpp"
#include "hermes/ext/trace.hpp"
#include "http/http_server.hpp"
#include "http/metrics.hpp"
#include "ingress/callback_metrics.hpp"
#include "ingress/refusal_log.hpp"
#include "policy/callback.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

// Who came, beside those whose messages are stored. On the server's threads; must not block.
struct Door {
    using Came = std::function<void(const AppPtr& app, const UserId& member)>;
    Came entered;      // an admitted member opened the app
    Came turned_away;  // somebody wrote who is not admitted
};

class CallbackEndpoint {
public:
    // Whether the host answers a text by itself and at once.
    using AnswersAtOnce = std::function<bool(std::string_view text)>;

    // `apps`, `store`, `refusals`, `metrics` and, unless it is null, `trace` outlive this object.
    CallbackEndpoint(const CurrentApps& apps, AnswersAtOnce answers_at_once, Door door,
                     durable::Store& store, base::Clock clock, RefusalLog& refusals, base::Log log,
                     Trace* trace, http::Metrics& metrics);

    // `address` is the client's, for the log.
    void handle(const http::HttpRequest& request, std::string_view address,
                http::Responder respond);

    // After `apps` has changed.  [any]
    void configured() { metrics_.configured(); }

private:
    void respond(const Respond& decision, std::string_view address, http::Responder respond);
    void accept(Accept decision, std::chrono::steady_clock::time_point begun,
                http::Responder respond);

    const CurrentApps& apps_;
    AnswersAtOnce answers_at_once_;
    Door door_;
    durable::Store& store_;
    base::Clock clock_;
    RefusalLog& refusals_;
    base::Log log_;
    Trace* trace_;
    CallbackMetrics metrics_;
};

}  // namespace hermes::wecom
