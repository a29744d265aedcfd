// Numbers for Prometheus, over prometheus-cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hermes::http {

using MetricLabels = std::map<std::string, std::string>;

// Only grows. Lives as long as its Metrics. Copies count the same thing.  [any]
class Counter {
public:
    void add(double amount = 1.0) noexcept;

private:
    friend class Metrics;
    explicit Counter(void* counter) noexcept : counter_(counter) {}
    void* counter_;
};

// How often something took how long, or was how much. Lives and is copied as a Counter.  [any]
class Histogram {
public:
    void observe(double value) noexcept;

private:
    friend class Metrics;
    explicit Histogram(void* histogram) noexcept : histogram_(histogram) {}
    void* histogram_;
};

class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The same name and labels give the same counter.  [any]
    Counter counter(const std::string& name, const std::string& help,
                    const MetricLabels& labels = {});
    // `bounds`: the upper ends of its buckets, rising. Those of the first call for a name count.
    // [any]
    Histogram histogram(const std::string& name, const std::string& help,
                        const std::vector<double>& bounds, const MetricLabels& labels = {});
    // `read` is asked at each text(), on its caller's thread. One gauge for each sample; those of
    // an earlier text() that are not among them are gone.
    struct Sample {
        MetricLabels labels;
        double value = 0;
    };
    void gauges(const std::string& name, const std::string& help,
                std::function<std::vector<Sample>()> read);
    void gauge(const std::string& name, const std::string& help, std::function<double()> read,
               const MetricLabels& labels = {}) {
        gauges(name, help, [labels, read = std::move(read)] {
            return std::vector<Sample>{{labels, read()}};
        });
    }

    // The text exposition format of Prometheus.  [any]
    std::string text() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::http
