// Access tokens, one per app: fetched once however many ask, kept across restarts, renewed ahead of
// their end, dropped by value when WeCom says that they are dead.
//
// A token belongs to the secret that it was fetched with: a corrected secret never meets the token
// of the wrong one. Where WeCom refuses one token after the other right after it gave them, that is
// a failure like any other, and asked about ever more rarely.
//
// Lives on the delivery thread: every function is called there and every handler runs there.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/delivery_thread.hpp"
#include "delivery/wecom_api.hpp"
#include "protocol/failure.hpp"
#include "state/tokens.hpp"

namespace hermes::wecom {

struct TokenResult {
    boost::system::error_code error;
    support::Secret access_token;
    std::string sentence;  // why there is none
};

// Whether an answer may be the token's fault: another secret may be behind it, once an operator has
// corrected that. WeCom doc 90313.
inline bool doubts_the_token(boost::system::error_code error) {
    return error == Failure::refresh_token || error == Failure::fix_setup ||
           error == Failure::fix_member;
}

class AccessTokens {
public:
    using Handler = std::function<void(const TokenResult&)>;

    // `wall_clock` tells how much of its life a stored token has left.
    AccessTokens(DeliveryThread& thread, WecomApi& api, Tokens& stored, support::Clock wall_clock);

    // Calls back at once when a token is at hand, or while a failure is too recent for another try.
    // `app` outlives this object.
    void get(const ApiApp& app, Handler handler);

    // WeCom has taken a call with a token of this app.
    void proved_good(const ApiApp& app) { slots_[app.account()].refused_young = 0; }
    // WeCom refused this very token. Another one, fetched meanwhile, stays.
    void drop(const ApiApp& app, const support::Secret& access_token);

private:
    struct Slot {
        bool loaded = false;  // the stored token was looked for
        bool fetching = false;
        support::Secret token;
        support::SteadyTime fetched_at;
        support::SteadyTime expires_at;
        support::SteadyTime renew_at;
        int failures = 0;       // of fetching, in a row
        int refused_young = 0;  // tokens in a row that were refused right after they were given
        support::SteadyTime retry_at;
        TokenResult failure;
        std::vector<Handler> waiting;
    };

    void fetch(const ApiApp& app, Slot& slot);
    void fetched(const ApiApp& app, const ApiResult& result);
    void load(const ApiApp& app, Slot& slot);
    void keep(const ApiApp& app, Slot& slot, const ApiReply& reply);
    void count_failure(Slot& slot, boost::system::error_code error, std::string sentence);

    DeliveryThread& thread_;
    WecomApi& api_;
    Tokens& stored_;
    support::Clock wall_clock_;
    std::unordered_map<std::string, Slot> slots_;  // by account: never shared between corps
};

}  // namespace hermes::wecom
