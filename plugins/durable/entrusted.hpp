// Messages that are put into the outbox here and delivered by whoever is the gateway: how a
// command-line tool sends while a gateway runs, and without one.
//
// It looks at the outbox until nothing of the message is pending. While there is no gateway it
// becomes the gateway itself and lets Delivery do the work, until a real one starts.
#pragma once

#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "durable/delivery/delivery.hpp"

namespace hermes::durable {

inline constexpr std::chrono::milliseconds outcome_interval{200};

// Lives on the delivery loop.
class EntrustedMessages {
public:
    // All references outlive the loops' last tasks, as this object does.
    EntrustedMessages(base::EventLoop& loop, base::EventLoop& reads, Store& store,
                      Delivery& delivery) noexcept
        : loop_(loop), reads_(reads), store_(store), delivery_(delivery) {}

    void submit(NewMessage message, Delivery::Handler handler);

    // After the store has stopped: what has no result yet is deferred.
    void defer_all();

private:
    enum class Part { watcher, gateway, had_its_turn };
    struct Look {
        bool is_gateway = false;  // now, if it was a watcher
        bool is_wanted = false;   // a real gateway waits, if this was one
        base::Result<Outbox::Outcome> outcome = Outbox::Outcome();
    };

    void stored(const base::Result<std::vector<PendingPart>>& parts, Delivery::Handler handler);
    void watch(std::int64_t message);
    Look look(Part part, std::int64_t message);
    void looked(std::int64_t message, const Look& look);
    void play(const Look& look);

    base::EventLoop& loop_;
    base::EventLoop& reads_;
    Store& store_;
    Delivery& delivery_;
    Part part_ = Part::watcher;
    bool is_gateway_there_ = false;  // at the last look
    std::string reason_{};           // why what was looked at last waits; empty: not known
    ExpectedResults results_;
};

}  // namespace hermes::durable
