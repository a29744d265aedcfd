#include "http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace hermes::http {

class Metrics::Impl {
public:
    prometheus::Registry registry;
    struct Reading {
        prometheus::Family<prometheus::Gauge>* family;
        std::function<std::vector<Sample>()> read;
        std::vector<prometheus::Gauge*> shown{};
    };
    std::mutex mutex;  // guards readings
    std::vector<Reading> readings;
};

void Counter::add(double amount) noexcept {
    static_cast<prometheus::Counter*>(counter_)->Increment(amount);
}

void Histogram::observe(double value) noexcept {
    static_cast<prometheus::Histogram*>(histogram_)->Observe(value);
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help,
                         const MetricLabels& labels) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
    return Counter(&family.Add(labels));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& bounds, const MetricLabels& labels) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(impl_->registry);
    return Histogram(&family.Add(labels, bounds));
}

void Metrics::gauges(const std::string& name, const std::string& help,
                     std::function<std::vector<Sample>()> read) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
    const std::lock_guard lock(impl_->mutex);
    impl_->readings.push_back({&family, std::move(read)});
}

std::string Metrics::text() const {
    const std::lock_guard lock(impl_->mutex);
    for (auto& [family, read, shown] : impl_->readings) {
        const auto before = std::exchange(shown, {});
        for (const auto& [labels, value] : read()) {
            shown.push_back(&family->Add(labels));
            shown.back()->Set(value);
        }
        for (auto* gauge : before) {
            if (std::find(shown.begin(), shown.end(), gauge) == shown.end()) {
                family->Remove(gauge);
            }
        }
    }
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace hermes::http
