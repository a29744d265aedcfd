#include "api/delivery_report.hpp"

#include <utility>

namespace hermes::wecom {

// An identity, or the name that version 1 of the state has left, which begins with a slash.
std::string describe_unknown_app(const std::string& account) {
    return account.starts_with('/')
               ? "an app that was named `" + account.substr(1) +
                     "`: none of that name, or not exactly one of its corp, is configured"
               : "app " + account + " (corp_id:agent_id), which is not configured";
}

DeliveryReport not_stored(boost::system::error_code error) {
    DeliveryReport report;
    report.status = DeliveryReport::Status::failed;
    report.error = error;
    report.sentence = "the message could not be stored: " + error.message();
    return report;
}

void ExpectedReports::expect(std::int64_t message, Handler handler) {
    handlers_.emplace(message, std::move(handler));
}

void ExpectedReports::give(std::int64_t message, const DeliveryReport& report) {
    if (const auto node = handlers_.extract(message)) {
        node.mapped()(report);
    }
}

void ExpectedReports::defer_all() {
    for (auto& [message, handler] : std::exchange(handlers_, {})) {
        handler(DeliveryReport{});
    }
}

}  // namespace hermes::wecom
