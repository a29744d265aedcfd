// Log lines about refused requests, few enough that a flood of them can't flood the log.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/error_code.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "policy/callback.hpp"

namespace hermes::wecom {

inline constexpr std::chrono::minutes refusal_log_interval{1};
inline constexpr std::size_t remembered_senders_max = 10'000;

class RefusalLog {
public:
    RefusalLog(base::SteadyClock clock, base::Log log);

    // One line for each kind of error, app and minute; the next one tells how many were left out.
    // [any]
    void refused(const Respond& refusal, std::string_view address);
    // A callback from outside `allowed_source_cidrs`; lines are counted as above.  [any]
    void foreign_source(std::string_view address);
    // A callback that is WeCom's and of no use: `error` says what it lacks, or, if there is none,
    // it is of a kind that is not known. Lines are counted as above.  [any]
    void unknown(std::string_view kind_name, boost::system::error_code error,
                 const std::string& app);
    // One line for each sender, with the entry that would admit it.  [any]
    void forbidden(const std::string& sender, const std::string& app);

private:
    struct Kind {
        std::optional<base::SteadyTime> logged_at{};
        std::size_t left_out = 0;
    };

    // `app` is the name of one that is configured, or empty: what a stranger says would have no
    // end.
    void say(base::Severity severity, int kind, const std::string& app, std::string line);

    base::SteadyClock clock_;
    base::Log log_;
    std::mutex mutex_;  // guards the two below
    // By the error's value, or one of the .cpp's, and app.
    std::map<std::pair<int, std::string>, Kind> kinds_;
    std::set<std::string> senders_;
};

}  // namespace hermes::wecom
