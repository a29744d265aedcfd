// The pulse of the threads that wait for nothing: the loop, and those that answer callbacks.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/event_loop.hpp"
#include "hermes/ext/pulse.hpp"
#include "ingress/ingress.hpp"

namespace hermes::wecom {

class AdapterPulse final : public Pulse {
public:
    // Once, when both run. They outlive the last call of feel.  [control]
    void begin(base::EventLoop& loop, Ingress& ingress) {
        loop_ = &loop;
        ingress_ = &ingress;
    }

    void feel(std::function<void()> felt) noexcept override {
        if (loop_ != nullptr) {
            // Let go of by the last of them.
            const std::shared_ptr<void> held(nullptr, [felt = std::move(felt)](void*) { felt(); });
            ingress_->pass_round(held);
            loop_->post([held] {});
        }
    }

private:
    base::EventLoop* loop_ = nullptr;
    Ingress* ingress_ = nullptr;
};

}  // namespace hermes::wecom
