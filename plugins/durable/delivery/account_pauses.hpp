// The accounts' pauses: made, looked at by one probe at a time, and ended, with a word to the
// operator.
//
// Lives on the delivery loop, but for what is marked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "base/log.hpp"
#include "durable/delivery/lanes.hpp"

namespace hermes::durable {

// An account that sends nothing until something changes.
struct PausedAccount {
    std::string id;
    std::string shown;
    int code = 0;  // the platform's, 0 if there is none
    std::string sentence;
};

class AccountPauses {
public:
    AccountPauses(Lanes& lanes, base::Log log) : lanes_(lanes), log_(std::move(log)) {}

    // The lane's attempt failed because of its account. `chance` as in account_pause.hpp.
    void pause(Lane& lane, PauseCause cause, base::SteadyTime now, double chance);
    // If the lane's attempt was a probe:
    void succeeded(Lane& lane);
    void told_nothing(Lane& lane, base::SteadyTime now);
    static void withdraw(Lane& lane);

    // Only these are configured now.
    void configured(const std::vector<Account>& accounts);

    bool contain(const std::string& account) const;  // [any]
    std::vector<PausedAccount> list() const;         // [any]

private:
    Lanes& lanes_;
    base::Log log_;
    base::Guarded<std::map<std::string, PausedAccount>> paused_;  // by account
};

}  // namespace hermes::durable
