#include "metrics/message_metrics.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "metrics/app_metrics.hpp"

namespace hermes::wecom {

namespace {

std::vector<double> second_bounds() {
    return {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};
}

std::vector<double> commit_bounds() {
    return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};
}

std::vector<double> batch_bounds() {
    return {1, 2, 4, 8, 16, 32, 64, 128, 256, 1024};
}

// Of a message all parts have the same, also the only one.
std::int64_t message_of(const durable::OutboxPart& part) {
    return part.message == 0 ? part.seq : part.message;
}

// As a label: WeCom's own number, 0 where it took the message, else what kept it from being asked.
std::string code_of(const durable::Receipt& receipt) {
    if (!receipt.error || receipt.code != 0) {
        return std::to_string(receipt.code);
    }
    return receipt.was_asked ? "no code" : "not asked";
}

}  // namespace

MessageMetrics::Figures::Figures(http::Metrics& metrics, const std::string& app)
    : answered_turns(metrics.histogram("wecom_agent_turn_seconds",
                                       "How long the agent works on an event", second_bounds(),
                                       {{"app", app}, {"outcome", "answered"}})),
      unanswered_turns(metrics.histogram("wecom_agent_turn_seconds", "", second_bounds(),
                                         {{"app", app}, {"outcome", "unanswered"}})),
      failed_events(metrics.counter("wecom_failed_events_total",
                                    "Events set aside, since the agent never finished",
                                    {{"app", app}})),
      delivered_parts(metrics.counter("wecom_delivered_parts_total", "Parts that WeCom accepted",
                                      {{"app", app}})),
      put_off(metrics.counter("wecom_delivery_retries_total", "Attempts put off", {{"app", app}})),
      failed_messages(
          metrics.counter("wecom_failed_messages_total", "Messages set aside", {{"app", app}})),
      attempts(metrics.histogram("wecom_delivery_attempt_seconds",
                                 "How long a request to deliver takes", second_bounds(),
                                 {{"app", app}})),
      replies(metrics.histogram("wecom_reply_delivery_seconds",
                                "From an answer's commit until WeCom has taken all of it",
                                second_bounds(), {{"app", app}})),
      tokens_given(metrics.counter("wecom_token_requests_total", "Requests for an access token",
                                   {{"app", app}, {"outcome", "given"}})),
      tokens_refused(metrics.counter("wecom_token_requests_total", "",
                                     {{"app", app}, {"outcome", "refused"}})) {}

MessageMetrics::MessageMetrics(http::Metrics& metrics, const CurrentApps& apps,
                               base::SteadyClock clock)
    : metrics_(metrics),
      apps_(apps),
      clock_(std::move(clock)),
      commits_(metrics.counter("wecom_commits_total", "Commits of the store")),
      commit_seconds_(
          metrics.histogram("wecom_commit_seconds", "How long a commit takes", commit_bounds())),
      commit_writes_(metrics.histogram("wecom_commit_writes", "How many writes share a commit",
                                       batch_bounds())) {
    configured();
    metrics_.gauges("wecom_agent_turns_under_way", "Events that the agent works on",
                    of_each_app(apps_, [this](const App& app) { return turns_of(app); }));
}

void MessageMetrics::configured() {
    for (const auto& app : *apps_.now()) {
        of_app(*app);
    }
}

double MessageMetrics::turns_of(const App& app) {
    const auto* figures = of_app(app);
    return under_way_.with([&](const UnderWay& all) {
        return static_cast<double>(
            std::count_if(all.turns.begin(), all.turns.end(), [&](const auto& turn) {
                return turn.second.app == figures && turn.second.begun != base::SteadyTime{};
            }));
    });
}

MessageMetrics::Figures* MessageMetrics::of_account(const std::string& account) {
    const auto app = apps_.now()->known(account);
    return app ? of_app(*app) : nullptr;
}

MessageMetrics::Figures* MessageMetrics::of_app(const App& app) {
    return figures_.with([&](auto& figures) {
        return &figures.try_emplace(app.name, metrics_, app.name).first->second;
    });
}

void MessageMetrics::handed_over(const durable::StoredEvent& event) {
    if (auto* app = of_account(event.account)) {
        under_way_.with([&](UnderWay& all) { all.turns[event.seq] = {.app = app}; });
    }
}

void MessageMetrics::begun(std::int64_t event) {
    under_way_.with([&](UnderWay& all) {
        if (const auto turn = all.turns.find(event); turn != all.turns.end()) {
            turn->second.begun = clock_();
        }
    });
}

void MessageMetrics::settled(std::int64_t event) {
    end_turn(event, Outcome::unanswered);
}

void MessageMetrics::reply_stored(std::int64_t event, std::int64_t message) {
    under_way_.with([&](UnderWay& all) {
        if (const auto turn = all.turns.find(event); turn != all.turns.end()) {
            all.replies[message] = {.app = turn->second.app, .stored = clock_()};
        }
    });
    end_turn(event, Outcome::answered);
}

void MessageMetrics::withdrawn(std::int64_t event) {
    under_way_.with([&](UnderWay& all) { all.turns.erase(event); });
}

void MessageMetrics::end_turn(std::int64_t event, Outcome outcome) {
    std::optional<Turn> ended;
    under_way_.with([&](UnderWay& all) {
        if (const auto turn = all.turns.find(event); turn != all.turns.end()) {
            ended = turn->second;
            all.turns.erase(turn);
        }
    });
    if (!ended || ended->begun == base::SteadyTime{}) {
        return;  // the agent has not seen it: cancelled, or a command of the host's
    }
    const std::chrono::duration<double> took = clock_() - ended->begun;
    (outcome == Outcome::answered ? ended->app->answered_turns : ended->app->unanswered_turns)
        .observe(took.count());
}

void MessageMetrics::set_aside(const durable::DeadEvent& event) {
    under_way_.with([&](UnderWay& all) { all.turns.erase(event.seq); });
    if (auto* app = of_account(event.account)) {
        app->failed_events.add();
    }
}

std::optional<MessageMetrics::Reply> MessageMetrics::take_reply(const durable::OutboxPart& part) {
    return under_way_.with([&](UnderWay& all) -> std::optional<Reply> {
        const auto reply = all.replies.find(message_of(part));
        if (reply == all.replies.end()) {
            return std::nullopt;
        }
        const auto taken = reply->second;
        all.replies.erase(reply);
        return taken;
    });
}

void MessageMetrics::delivery(const durable::DeliveryReport& report) {
    auto* app = of_account(report.part.account);
    if (app == nullptr) {
        return;
    }
    switch (report.event) {
        case durable::DeliveryEvent::attempted:
            return;
        case durable::DeliveryEvent::part_delivered:
            app->delivered_parts.add();
            if (report.part.part == report.part.parts) {
                if (const auto reply = take_reply(report.part)) {
                    const std::chrono::duration<double> took = clock_() - reply->stored;
                    app->replies.observe(took.count());
                }
            }
            return;
        case durable::DeliveryEvent::put_off:
            return app->put_off.add();
        case durable::DeliveryEvent::message_set_aside:
            take_reply(report.part);
            return app->failed_messages.add();
    }
}

void MessageMetrics::attempted(const std::string& account, const durable::Receipt& receipt,
                               std::chrono::duration<double> took) {
    if (auto* app = of_account(account)) {
        app->attempts.observe(took.count());
        metrics_
            .counter("wecom_delivery_attempts_total",
                     "Requests to deliver, by WeCom's code; 0: accepted",
                     {{"app", apps_.now()->name_of(account)}, {"code", code_of(receipt)}})
            .add();
    }
}

void MessageMetrics::committed(std::size_t writes, std::chrono::duration<double> took) {
    commits_.add();
    commit_seconds_.observe(took.count());
    commit_writes_.observe(static_cast<double>(writes));
}

void MessageMetrics::token_asked(const App& app, bool is_given) {
    auto* figures = of_app(app);
    (is_given ? figures->tokens_given : figures->tokens_refused).add();
}

}  // namespace hermes::wecom
