// A courier whose every attempt is measured.
#pragma once

#include "durable/delivery/courier.hpp"
#include "metrics/message_metrics.hpp"

namespace hermes::wecom {

class MeasuredCourier final : public durable::Courier {
public:
    // Both outlive the last `done`.
    MeasuredCourier(durable::Courier& courier, MessageMetrics& metrics)
        : courier_(courier), metrics_(metrics) {}

    void deliver(durable::Parcel parcel, Done done) override {
        const auto begun = std::chrono::steady_clock::now();
        auto account = parcel.account;
        courier_.deliver(
            std::move(parcel), [this, begun, account = std::move(account),
                                done = std::move(done)](durable::Receipt receipt) mutable {
                metrics_.attempted(account, receipt, std::chrono::steady_clock::now() - begun);
                done(std::move(receipt));
            });
    }

private:
    durable::Courier& courier_;
    MessageMetrics& metrics_;
};

}  // namespace hermes::wecom
