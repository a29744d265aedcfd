// The engine as a platform uses it: inbox, outbox and delivery on one loop, in one life cycle.
//
//   Engine engine(options);                       the store is open
//   MyCourier courier(engine.loop(), ...);
//   engine.deliver_through(courier, ...);
//   engine.start({.hand_over = ...});   events come, replies go
//   engine.store().inbox().accept(event, ...);
//   engine.begin(event); engine.settle(event); engine.submit(message, ...);
//   engine.stop_handing_over(); engine.stop(deadline, ...);
//
// A platform sees two threads of it: the loop, on which events are handed over and the courier is
// called, and `beside`, for what would hold the loop up. Both end with stop().
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/event_loop.hpp"
#include "durable/delivery/delivery.hpp"
#include "durable/entrusted.hpp"
#include "durable/media/file_intake.hpp"
#include "durable/media/incoming_files.hpp"
#include "durable/store/store.hpp"
#include "hermes/message.hpp"

namespace hermes::durable {

class Engine {
public:
    // Opens the store. Throws std::runtime_error and nothing derived from it: this one may leave
    // the plugin.
    explicit Engine(StoreOptions options);
    ~Engine() { stop(std::chrono::steady_clock::now(), {}); }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    base::EventLoop& loop() noexcept { return loop_; }
    base::EventLoop& beside() noexcept { return beside_; }
    IncomingFiles& incoming_files() noexcept { return *incoming_; }  // after fetch_through
    Store& store() noexcept { return store_; }
    const Delivery& delivery() const noexcept { return *delivery_; }

    // Once, before anything is submitted. `courier` outlives stop().
    void deliver_through(Courier& courier, DeliveryOptions options);

    // Likewise, where events come with files. Throws std::runtime_error if they can't be kept.
    void fetch_through(Fetcher& fetcher, IncomingFilesOptions options) {
        incoming_.emplace(loop_, store_, fetcher, std::move(options));
    }

    // As the gateway of its state: delivers what waits, and hands over. A visitor (GatewayKind)
    // does not start: what it submits is delivered by the gateway, or here while there is none.
    void start(Inbox::Handlers handlers);

    // Other accounts than those of deliver_through: what waits for one of them goes on; what waits
    // for one that is gone, events and replies, waits. Each that is paused is tried again.  [any]
    void configure(std::vector<Account> accounts);

    // As PlatformAdapter promises of them.  [waits], [any]
    bool begin(const EventId& event) noexcept;
    void settle(const EventId& event) noexcept;

    // Makes the message durable, then delivers it. `handler` may be empty; otherwise
    // it is called once on the loop, or destroyed by stop() if that finds it unanswered.  [any]
    void submit(NewMessage message, Delivery::Handler handler);
    // Likewise, with the files that go with its parts.  [any]
    void submit(NewMessage message, std::vector<NewFile> files, Delivery::Handler handler);

    // Nothing is handed over and nothing is begun after it has returned.  [control]
    void stop_handing_over() noexcept { store_.inbox().stop(); }
    // Lets what is under way end until `deadline`, calls `end_attempts`, which ends what the
    // courier has left, and keeps what came of it. Every handler has been called then. May be
    // called again. [control]
    void stop(std::chrono::steady_clock::time_point deadline,
              base::MoveOnlyFunction<void()> end_attempts) noexcept;

private:
    void submit_stored(NewMessage message, Delivery::Handler handler);
    void watch();
    // For what has been posted to it by now; false: it has not run by then.
    bool await_beside(std::chrono::steady_clock::time_point deadline);

    const GatewayKind role_;
    std::vector<std::string> accounts_;  // at the start
    base::EventLoop loop_;
    Store store_;
    base::EventLoop beside_;
    FileIntake intake_;
    std::optional<IncomingFiles> incoming_;
    std::optional<Delivery> delivery_;
    std::optional<EntrustedMessages> entrusted_;  // of a visitor
};

}  // namespace hermes::durable
