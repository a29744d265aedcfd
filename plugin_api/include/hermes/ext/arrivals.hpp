// What a platform's servers send while an operator saves the gateway's address in the platform's
// own console, judged request by request: hermes.arrivals/1, offered by the descriptor of a plugin
// that is called by its platform.
//
// It listens in the gateway's place, so no gateway may run beside it. It takes no message: what
// comes is refused in such a way that the platform sends it again.
#pragma once

#include <functional>
#include <memory>

#include "hermes/ext/doctor.hpp"

namespace hermes {

struct ArrivalReport {
    // What listens and what is waited for, then once for each request that comes, and when none has
    // come for long. Never two at a time; must not block long.  [adapter]
    std::function<void(const Finding& finding)> found;
    // Once, when the platform has had the right answer for every account. It may come before
    // `watch` returns. Must not destroy the watch.  [adapter]
    std::function<void()> all_right;
};

// Listens for as long as it lives. Destroyed, it calls nothing any more.
class ArrivalWatch {
public:
    ArrivalWatch(const ArrivalWatch&) = delete;
    ArrivalWatch& operator=(const ArrivalWatch&) = delete;
    virtual ~ArrivalWatch() = default;

protected:
    ArrivalWatch() = default;
};

struct WatchArrivals {
    static constexpr const char* extension_name = "hermes.arrivals/1";

    // Never null, and never returns null. The host of the context outlives what is returned. Throws
    // std::runtime_error, and nothing else, with a sentence for the operator (port taken).
    // [control]
    std::unique_ptr<ArrivalWatch> (*watch)(const AdapterContext& context, ArrivalReport report);
};

}  // namespace hermes
