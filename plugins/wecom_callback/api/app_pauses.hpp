// The apps' pauses: made, looked at by one probe at a time, and ended, with a word to the operator.
//
// Lives on the delivery thread, but for what is marked.
#pragma once

#include <boost/system/error_code.hpp>
#include <map>
#include <string>
#include <vector>

#include "api/lanes.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"

namespace hermes::wecom {

// An app that sends nothing until something changes.
struct PausedApp {
    std::string name;
    int code = 0;  // WeCom's, 0 if there is none
    std::string sentence;
};

// WeCom's code, 0 if the error is not WeCom's.
int code_of(boost::system::error_code error);

class AppPauses {
public:
    AppPauses(durable::DeliveryThread& thread, Lanes& lanes, base::Log log)
        : thread_(thread), lanes_(lanes), log_(std::move(log)) {}

    // The lane's attempt failed because of its app. `chance` as in app_pause.hpp.
    void pause(Lane& lane, durable::PauseCause cause, double chance);
    // If the lane's attempt was a probe:
    void succeeded(Lane& lane);
    void told_nothing(Lane& lane);
    static void withdraw(Lane& lane);

    bool contain(const std::string& account) const;  // [any]
    std::vector<PausedApp> list() const;             // [any]

private:
    durable::DeliveryThread& thread_;
    Lanes& lanes_;
    base::Log log_;
    base::Guarded<std::map<std::string, PausedApp>> paused_;  // by account
};

}  // namespace hermes::wecom
