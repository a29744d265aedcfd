// The apps' pauses: made, looked at by one probe at a time, and ended, with a word to the operator.
//
// Lives on the delivery thread, but for what is marked.
#pragma once

#include <boost/system/error_code.hpp>
#include <map>
#include <string>
#include <vector>

#include "delivery/lanes.hpp"
#include "support/guarded.hpp"
#include "support/log.hpp"

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
    AppPauses(DeliveryThread& thread, Lanes& lanes, support::Log log)
        : thread_(thread), lanes_(lanes), log_(std::move(log)) {}

    // The lane's attempt failed because of its app. `chance` as in app_pause.hpp.
    void pause(Lane& lane, PauseCause cause, double chance);
    // If the lane's attempt was a probe:
    void succeeded(Lane& lane);
    void told_nothing(Lane& lane);
    static void withdraw(Lane& lane);

    bool contain(const std::string& account) const;  // [any]
    std::vector<PausedApp> list() const;             // [any]

private:
    DeliveryThread& thread_;
    Lanes& lanes_;
    support::Log log_;
    support::Guarded<std::map<std::string, PausedApp>> paused_;  // by account
};

}  // namespace hermes::wecom
