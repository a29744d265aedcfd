#include "ingress/refusal_log.hpp"

#include <utility>

#include "protocol/foreign_text.hpp"

namespace hermes::wecom {

using base::Severity;

namespace {

// No error has these values.
constexpr int foreign_sources = 0;
constexpr int unknown_callbacks = -1;

std::string explain(const Respond& refusal, bool is_for_one_app) {
    const auto& [app, corp_id, agent_id] = refusal.addressee;
    if (refusal.error == CallbackError::bad_signature) {
        return std::string("the signature does not match") +
               (is_for_one_app ? "" : " the Token of any app") +
               ": copy the Token from the app's page to `token`";
    }
    if (refusal.error == CallbackError::no_such_app) {
        return "no app is configured for corp id " + clean_foreign_text(corp_id) +
               (agent_id.empty() ? "" : " and agent id " + clean_foreign_text(agent_id)) +
               ": correct `corp_id` and `agent_id`, or remove the URL from the other app";
    }
    return refusal.error.message();
}

}  // namespace

RefusalLog::RefusalLog(base::SteadyClock clock, base::Log log)
    : clock_(std::move(clock)), log_(std::move(log)) {}

void RefusalLog::refused(const Respond& refusal, std::string_view address) {
    const auto& app = refusal.app ? refusal.app : refusal.addressee.app;
    const auto name = app ? app->name : std::string();
    say(Severity::warning, refusal.error.value(), name,
        (app ? "app " + name + ": " : "") + "request from " + std::string(address) +
            " refused: " + explain(refusal, app != nullptr));
}

void RefusalLog::foreign_source(std::string_view address) {
    const std::string source(address);
    say(Severity::warning, foreign_sources, {},
        "callback from " + source + " refused: it is outside allowed_source_cidrs; add `" + source +
            "` there if it is WeCom's, or to trusted_proxies if it is a reverse "
            "proxy of yours");
}

void RefusalLog::unknown(std::string_view kind_name, boost::system::error_code error,
                         const std::string& app) {
    say(Severity::info, unknown_callbacks, app,
        "app " + app + ": a callback of WeCom is of no use and acknowledged: " +
            (error ? error.message()
                   : "this version does not know " + clean_foreign_text(kind_name)));
}

void RefusalLog::say(Severity severity, int kind, const std::string& app, std::string line) {
    {
        const std::lock_guard lock(mutex_);
        auto& [logged_at, left_out] = kinds_[{kind, app}];
        const auto now = clock_();
        if (logged_at && now - *logged_at < refusal_log_interval) {
            ++left_out;
            return;
        }
        logged_at = now;
        if (const auto count = std::exchange(left_out, 0)) {
            line += " (" + std::to_string(count) + " more like it were not logged)";
        }
    }
    log_(severity, line);
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
