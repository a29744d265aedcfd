// What becomes of messages, in figures: the agent's turns, deliveries, commits. By app, and no
// member in a label.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "durable/delivery/courier.hpp"
#include "durable/delivery/delivery.hpp"
#include "durable/inbox/event.hpp"
#include "http/metrics.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

// Every function is [any].
class MessageMetrics {
public:
    // Both outlive this.
    MessageMetrics(http::Metrics& metrics, const CurrentApps& apps, base::SteadyClock clock);

    // Shows the apps that have come, before anything has happened to them.
    void configured();

    // A turn of the agent: from `begun` until the event is settled, by its answer or without one.
    void handed_over(const durable::StoredEvent& event);
    void begun(std::int64_t event);
    void withdrawn(std::int64_t event);
    void settled(std::int64_t event);
    void reply_stored(std::int64_t event, std::int64_t message);
    void set_aside(const durable::DeadEvent& event);

    void delivery(const durable::DeliveryReport& report);
    // One request of a delivery, with WeCom's answer.
    void attempted(const std::string& account, const durable::Receipt& receipt,
                   std::chrono::duration<double> took);
    void committed(std::size_t writes, std::chrono::duration<double> took);
    void token_asked(const App& app, bool is_given);

private:
    // Those of an app, all there once it is configured: what has not happened yet is a 0.
    struct Figures {
        Figures(http::Metrics& metrics, const std::string& app);

        http::Histogram answered_turns;
        http::Histogram unanswered_turns;
        http::Counter failed_events;
        http::Counter delivered_parts;
        http::Counter put_off;
        http::Counter failed_messages;
        http::Histogram attempts;
        http::Histogram replies;
        http::Counter tokens_given;
        http::Counter tokens_refused;
    };
    enum class Outcome { answered, unanswered };
    struct Turn {
        Figures* app = nullptr;
        base::SteadyTime begun{};  // none: it waits in the host
    };
    struct Reply {
        Figures* app = nullptr;
        base::SteadyTime stored{};
    };
    struct UnderWay {
        std::unordered_map<std::int64_t, Turn> turns;     // by event
        std::unordered_map<std::int64_t, Reply> replies;  // by message
    };

    Figures* of_account(const std::string& account);  // null: it is not known
    Figures* of_app(const App& app);
    void end_turn(std::int64_t event, Outcome outcome);
    double turns_of(const App& app);
    std::optional<Reply> take_reply(const durable::OutboxPart& part);

    http::Metrics& metrics_;
    const CurrentApps& apps_;
    const base::SteadyClock clock_;
    http::Counter commits_;
    http::Histogram commit_seconds_;
    http::Histogram commit_writes_;
    // By the app's name. None goes, so an address stays.
    base::Guarded<std::map<std::string, Figures, std::less<>>> figures_;
    base::Guarded<UnderWay> under_way_;
};

}  // namespace hermes::wecom
