#include "delivery_options.hpp"

#include <utility>

namespace hermes::wecom {

// An identity, or the name that version 1 of the state has left, which begins with a slash.
std::string describe_unknown_app(const std::string& account) {
    return account.starts_with('/')
               ? "an app that was named `" + account.substr(1) +
                     "`: none of that name, or not exactly one of its corp, is configured"
               : "app " + account + " (corp_id:agent_id), which is not configured";
}

durable::DeliveryOptions delivery_options(const std::vector<ApiApp>& apps,
                                          const durable::DeliveryLimits& limits, base::Log log,
                                          http::Metrics& metrics) {
    durable::DeliveryOptions options;
    options.limits = limits;
    options.log = std::move(log);
    options.describe_unknown = describe_unknown_app;
    for (const auto& app : apps) {
        options.accounts.push_back({app.account(), "app " + app.name});
    }
    auto delivered = metrics.counter("wecom_delivered_parts_total", "Parts that WeCom accepted");
    auto retried = metrics.counter("wecom_delivery_retries_total", "Attempts put off");
    auto failed = metrics.counter("wecom_failed_messages_total", "Messages set aside");
    options.on_event = [delivered, retried, failed](durable::DeliveryEvent event) mutable {
        switch (event) {
            case durable::DeliveryEvent::part_delivered:
                return delivered.add();
            case durable::DeliveryEvent::put_off:
                return retried.add();
            case durable::DeliveryEvent::message_set_aside:
                return failed.add();
        }
    };
    return options;
}

}  // namespace hermes::wecom
