// Messages that are put into the outbox here and delivered by whoever is the gateway: how a
// command-line tool sends while a gateway runs, and without one.
//
// It looks at the outbox until nothing of the message is pending. While there is no gateway it
// becomes the gateway itself and lets the worker deliver, until a real one starts.
#pragma once

#include <unordered_map>

#include "api/outbox_worker.hpp"
#include "base/result.hpp"

namespace hermes::wecom {

inline constexpr std::chrono::milliseconds outcome_interval{200};

// Lives on the delivery thread.
class EntrustedMessages {
public:
    // All references outlive the thread's last task.
    EntrustedMessages(durable::DeliveryThread& thread, durable::Store& store,
                      OutboxWorker& worker) noexcept
        : thread_(thread), store_(store), worker_(worker) {}

    void submit(durable::NewMessage message, OutboxWorker::Handler handler);

    // After the store has stopped: what has no report yet is deferred.
    void defer_all();

private:
    void stored(const base::Result<std::vector<durable::PendingPart>>& parts,
                OutboxWorker::Handler handler);
    void watch(std::int64_t message);
    void replace_missing_gateway();
    void make_room();

    durable::DeliveryThread& thread_;
    durable::Store& store_;
    OutboxWorker& worker_;
    enum class Part { watcher, gateway, had_its_turn } part_ = Part::watcher;
    std::unordered_map<std::int64_t, OutboxWorker::Handler> handlers_;  // by message
};

}  // namespace hermes::wecom
