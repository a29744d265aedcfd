#include "api/entrusted.hpp"

#include <utility>

#include "api/delivery_error.hpp"

namespace hermes::wecom {

void EntrustedMessages::submit(durable::NewMessage message, OutboxWorker::Handler handler) {
    // Shared: the outbox keeps the function in a std::function, which must be copyable.
    auto shared = std::make_shared<OutboxWorker::Handler>(std::move(handler));
    store_.outbox().enqueue(
        std::move(message), [this, shared](base::Result<std::vector<durable::PendingPart>> parts) {
            if (!thread_.post([this, shared, parts] { stored(parts, *shared); }) && *shared) {
                (*shared)(DeliveryReport{});
            }
        });
}

void EntrustedMessages::defer_all() {
    for (auto& [message, handler] : std::exchange(handlers_, {})) {
        handler(DeliveryReport{});
    }
}

void EntrustedMessages::stored(const base::Result<std::vector<durable::PendingPart>>& parts,
                               OutboxWorker::Handler handler) {
    if (!parts || parts->empty()) {
        handler(not_stored(parts ? make_error_code(durable::StateError::refused) : parts.error()));
        return;
    }
    const auto message = parts->front().message;
    handlers_.emplace(message, std::move(handler));
    watch(message);
}

void EntrustedMessages::watch(std::int64_t message) {
    const auto found = handlers_.find(message);
    if (found == handlers_.end()) {
        return;
    }
    if (part_ == Part::watcher) {
        replace_missing_gateway();
    } else if (part_ == Part::gateway) {
        make_room();
    }
    const auto outcome = store_.outbox().outcome(message);
    // All zero: the store can't be read at the moment.
    if (outcome.pending > 0 || outcome.delivered + outcome.dead == 0) {
        thread_.post_at(thread_.now() + outcome_interval, [this, message] { watch(message); });
        return;
    }
    DeliveryReport report;
    if (outcome.dead > 0) {
        report.status = DeliveryReport::Status::failed;
        report.sentence = outcome.reason;
    } else {
        report.status = DeliveryReport::Status::delivered;
        report.msgid = outcome.last_msgid;
    }
    const auto handler = std::move(found->second);
    handlers_.erase(found);
    handler(report);
}

void EntrustedMessages::replace_missing_gateway() {
    if (store_.try_become_gateway()) {
        part_ = Part::gateway;
        worker_.start();
    }
}

void EntrustedMessages::make_room() {
    if (store_.gateway_wanted()) {
        part_ = Part::had_its_turn;
        worker_.step_down();
        store_.resign();
    }
}

}  // namespace hermes::wecom
