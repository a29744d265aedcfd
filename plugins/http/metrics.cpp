#include "http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <utility>
#include <vector>

namespace hermes::http {

class Metrics::Impl {
public:
    prometheus::Registry registry;
    struct Reading {
        prometheus::Gauge* gauge;
        std::function<double()> read;
    };
    std::mutex mutex;  // guards readings
    std::vector<Reading> readings;
};

void Counter::add(double amount) noexcept {
    static_cast<prometheus::Counter*>(counter_)->Increment(amount);
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help,
                         const MetricLabels& labels) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
    return Counter(&family.Add(labels));
}

void Metrics::gauge(const std::string& name, const std::string& help, std::function<double()> read,
                    const MetricLabels& labels) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
    const std::lock_guard lock(impl_->mutex);
    impl_->readings.push_back({&family.Add(labels), std::move(read)});
}

std::string Metrics::text() const {
    {
        const std::lock_guard lock(impl_->mutex);
        for (const auto& reading : impl_->readings) {
            reading.gauge->Set(reading.read());
        }
    }
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace hermes::http
