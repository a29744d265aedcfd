// Numbers for Prometheus, over prometheus-cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

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

class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // The same name and labels give the same counter.  [any]
    Counter counter(const std::string& name, const std::string& help,
                    const MetricLabels& labels = {});
    // `read` is asked at each text(), on its caller's thread.
    void gauge(const std::string& name, const std::string& help, std::function<double()> read,
               const MetricLabels& labels = {});

    // The text exposition format of Prometheus.  [any]
    std::string text() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::http
