// Access tokens, one per app: fetched once however many ask, kept across restarts, renewed ahead of
// their end, dropped by value when WeCom says that they are dead.
//
// Lives on the delivery thread: every function is called there and every handler runs there.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/delivery_thread.hpp"
#include "delivery/wecom_api.hpp"
#include "state/tokens.hpp"

namespace hermes::wecom {

struct TokenResult {
    boost::system::error_code error;
    support::Secret access_token;
    std::string sentence;  // why there is none
};

class AccessTokens {
public:
    using Handler = std::function<void(const TokenResult&)>;

    AccessTokens(DeliveryThread& thread, WecomApi& api, Tokens& stored);

    // Calls back at once when a token is at hand, or while a failure is too recent for another try.
    // `app` outlives this object.
    void get(const ApiApp& app, Handler handler);

    // WeCom refused this very token. Another one, fetched meanwhile, stays.
    void drop(const ApiApp& app, const support::Secret& access_token);

private:
    struct Slot {
        bool loaded = false;  // the stored token was looked for
        bool fetching = false;
        support::Secret token;
        support::WallTime expires_at;
        support::WallTime renew_at;
        int failures = 0;  // in a row
        support::WallTime retry_at;
        TokenResult failure;
        std::vector<Handler> waiting;
    };

    void fetch(const ApiApp& app, Slot& slot);
    void fetched(const ApiApp& app, const ApiResult& result);
    void load(const ApiApp& app, Slot& slot);
    void keep(const ApiApp& app, Slot& slot, const ApiReply& reply);

    DeliveryThread& thread_;
    WecomApi& api_;
    Tokens& stored_;
    std::unordered_map<std::string, Slot> slots_;  // by ApiApp::key: never shared between corps
};

}  // namespace hermes::wecom
