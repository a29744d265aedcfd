#include "ingress/refusal_log.hpp"

#include <utility>

namespace hermes::wecom {

using support::Severity;

RefusalLog::RefusalLog(support::Clock clock, support::Log log)
    : clock_(std::move(clock)), log_(std::move(log)) {}

void RefusalLog::refused(boost::system::error_code error, std::string_view address) {
    std::size_t left_out = 0;
    {
        const std::lock_guard lock(mutex_);
        auto& kind = kinds_[error.value()];
        const auto now = clock_();
        if (now - kind.logged_at < refusal_log_interval) {
            ++kind.left_out;
            return;
        }
        kind.logged_at = now;
        left_out = std::exchange(kind.left_out, 0);
    }
    auto line = "request from " + std::string(address) + " refused: " + error.message();
    if (left_out > 0) {
        line += " (" + std::to_string(left_out) + " more like it were not logged)";
    }
    log_(Severity::warning, line);
}

void RefusalLog::forbidden(const std::string& sender, const std::string& app) {
    {
        const std::lock_guard lock(mutex_);
        if (senders_.size() >= remembered_senders_max ||
            !senders_.insert(sender + '\n' + app).second) {
            return;
        }
    }
    log_(Severity::warning, sender + " wrote to app " + app + " and is not admitted: add `" +
                                sender + "` to allowed_users to change that");
}

}  // namespace hermes::wecom
