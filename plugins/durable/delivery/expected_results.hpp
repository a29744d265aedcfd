// Who is to be told what becomes of which message. Not thread-safe.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include "base/move_only_function.hpp"
#include "durable/delivery/delivery_result.hpp"

namespace hermes::durable {

class ExpectedResults {
public:
    using Handler = base::MoveOnlyFunction<void(const SendResult&)>;

    void expect(std::int64_t message, Handler handler) {
        handlers_.emplace(message, std::move(handler));
    }
    bool contain(std::int64_t message) const { return handlers_.contains(message); }

    // To who expects it, if anybody does.
    void give(std::int64_t message, const SendResult& result) {
        if (auto node = handlers_.extract(message)) {
            node.mapped()(result);
        }
    }

    // All that are left.
    void defer_all(const SendResult& result = deferred_result()) {
        for (auto& [message, handler] : std::exchange(handlers_, {})) {
            handler(result);
        }
    }

private:
    std::unordered_map<std::int64_t, Handler> handlers_;
};

}  // namespace hermes::durable
