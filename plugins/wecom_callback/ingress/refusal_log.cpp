#include "ingress/refusal_log.hpp"

#include <utility>

namespace hermes::wecom {

using base::Severity;

namespace {

constexpr int foreign_sources = 0;  // no error has this value

}  // namespace

RefusalLog::RefusalLog(base::Clock clock, base::Log log)
    : clock_(std::move(clock)), log_(std::move(log)) {}

void RefusalLog::refused(boost::system::error_code error, std::string_view address) {
    warn(error.value(), "request from " + std::string(address) + " refused: " + error.message());
}

void RefusalLog::foreign_source(std::string_view address) {
    const std::string source(address);
    warn(foreign_sources, "callback from " + source +
                              " refused: it is outside allowed_source_cidrs; add `" + source +
                              "` there if it is WeCom's, or to trusted_proxies if it is a reverse "
                              "proxy of yours");
}

void RefusalLog::warn(int kind, std::string line) {
    {
        const std::lock_guard lock(mutex_);
        auto& [logged_at, left_out] = kinds_[kind];
        const auto now = clock_();
        if (now - logged_at < refusal_log_interval) {
            ++left_out;
            return;
        }
        logged_at = now;
        if (const auto count = std::exchange(left_out, 0)) {
            line += " (" + std::to_string(count) + " more like it were not logged)";
        }
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
