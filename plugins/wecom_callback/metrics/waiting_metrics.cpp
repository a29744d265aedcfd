#include "metrics/waiting_metrics.hpp"

#include <algorithm>

namespace hermes::wecom {

namespace {

constexpr const char* word_of(StateSide side) {
    return side == StateSide::inbox ? "inbox" : "outbox";
}

}  // namespace

WaitingMetrics::WaitingMetrics(http::Metrics& metrics, const CurrentApps& apps,
                               durable::Engine& engine, base::Clock clock)
    : apps_(apps), engine_(engine), clock_(std::move(clock)) {
    show(metrics, "wecom_waiting",
         "Events of the inbox that are not settled, parts of the outbox that are not delivered",
         [](const Counts& counts, const Key& key) {
             const auto found = counts.waiting.find(key);
             return found == counts.waiting.end() ? 0.0 : static_cast<double>(found->second.rows);
         });
    show(metrics, "wecom_oldest_waiting_seconds", "How long the oldest of them has waited",
         [this](const Counts& counts, const Key& key) {
             const auto found = counts.waiting.find(key);
             if (found == counts.waiting.end() || !found->second.oldest) {
                 return 0.0;
             }
             const std::chrono::duration<double> age = clock_() - *found->second.oldest;
             return std::max(age.count(), 0.0);
         });
    show(metrics, "wecom_dead_letters", "Set aside, until somebody retries or drops it",
         [](const Counts& counts, const Key& key) {
             const auto found = counts.set_aside.find(key);
             return found == counts.set_aside.end() ? 0.0 : static_cast<double>(found->second);
         });
}

// Of each app, and of both sides.
void WaitingMetrics::show(http::Metrics& metrics, const char* name, const char* help,
                          Figure figure) {
    metrics.gauges(name, help, [this, figure = std::move(figure)] {
        std::vector<http::Metrics::Sample> samples;
        for (const auto& app : *apps_.now()) {
            for (const auto side : {StateSide::inbox, StateSide::outbox}) {
                const Key key{side, app->account()};
                samples.push_back(
                    {{{"app", app->name}, {"side", word_of(side)}},
                     counts_.with([&](const Counts& counts) { return figure(counts, key); })});
            }
        }
        return samples;
    });
}

void WaitingMetrics::start() {
    engine_.loop().post([this] {
        count_waiting();
        count_set_aside();
    });
}

// What could not be read is shown as it was.
void WaitingMetrics::count_waiting() {
    engine_.store().read(
        [](durable::Database& database) { return durable::count_waiting(database); },
        [this](const base::Result<std::vector<durable::Waiting>>& rows) {
            if (rows) {
                counts_.with([&](Counts& counts) {
                    counts.waiting.clear();
                    for (const auto& row : *rows) {
                        counts.waiting[{row.side, row.account}] = row;
                    }
                });
            }
            auto& loop = engine_.loop();
            loop.at(loop.now() + waiting_counted_every, [this] { count_waiting(); });
        });
}

void WaitingMetrics::count_set_aside() {
    engine_.store().read(
        [](durable::Database& database) { return durable::count_set_aside(database); },
        [this](const base::Result<std::vector<durable::SetAsideCount>>& rows) {
            if (rows) {
                counts_.with([&](Counts& counts) {
                    counts.set_aside.clear();
                    for (const auto& row : *rows) {
                        counts.set_aside[{row.side, row.account}] = row.letters;
                    }
                });
            }
            auto& loop = engine_.loop();
            loop.at(loop.now() + set_aside_counted_every, [this] { count_set_aside(); });
        });
}

}  // namespace hermes::wecom
