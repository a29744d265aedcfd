// Access tokens, one per app: fetched once however many ask, kept across restarts, renewed ahead of
// their end, dropped by value when WeCom says that they are dead. Of several gateways one fetches
// at a time, and not what another one has fetched meanwhile.
//
// A token belongs to the secret that it was fetched with: a corrected secret never meets the token
// of the wrong one. So only a token that WeCom calls dead is dropped: of what a person has to set
// right for the app another one would tell the same (WeCom doc 91039: while a token lives, gettoken
// gives it again). Where WeCom refuses one token after the other right after it gave them, that is
// a failure like any other, and asked about ever more rarely.
//
// Lives on the delivery loop: every function is called there and every handler runs there. What is
// stored is read on `reads`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/wecom_api.hpp"
#include "base/event_loop.hpp"
#include "durable/facts/tokens.hpp"

namespace hermes::wecom {

struct TokenResult {
    boost::system::error_code error;
    base::Secret access_token;
    std::string sentence;  // why there is none
};

class AccessTokens {
public:
    using Handler = base::MoveOnlyFunction<void(const TokenResult&)>;

    // `wall_clock` tells how much of its life a stored token has left.
    AccessTokens(base::EventLoop& loop, base::EventLoop& reads, WecomApi& api,
                 durable::Tokens& stored, base::Clock wall_clock);

    // `fetched` hears of each answer to a request for a token; before the first of them.
    void on_fetched(std::function<void(const App& app, bool is_given)> fetched) {
        on_fetched_ = std::move(fetched);
    }

    // A delivery is held back by the pause of its account already
    // (durable/delivery/account_pauses.hpp): what comes here then is its probe. What is done beside
    // comes at any time, and waits for longer.
    enum class Asker { delivery, beside };

    // Calls back at once when a token is at hand, or while a failure is too recent for another try.
    void get(const AppPtr& app, Asker asker, Handler handler);
    // Something was changed: each may ask at once.
    void configured();

    // WeCom has taken a call with a token of this app.
    void proved_good(const App& app) { proved_good(slots_[way_in(app)]); }
    // WeCom refused this very token. Another one, fetched meanwhile, stays.
    void drop(const App& app, const base::Secret& access_token);

private:
    struct Slot {
        enum class Stored { unknown, being_read, known } stored = Stored::unknown;
        bool fetching = false;
        base::Secret token;
        base::SteadyTime fetched_at;
        base::SteadyTime expires_at;
        base::SteadyTime renew_at;
        int failures = 0;       // in a row: of fetching, or of what was fetched
        int refused_young = 0;  // tokens in a row that were refused right after they were given
        base::SteadyTime retry_at;
        base::SteadyTime probe_at;  // likewise, for a delivery
        TokenResult failure;
        std::vector<std::pair<Asker, Handler>> waiting;
    };

    static std::string way_in(const App& app);
    static void proved_good(Slot& slot);
    static void was_given(Slot& slot);
    void fetch(const AppPtr& app, Slot& slot);
    void claim(const AppPtr& app, base::SteadyTime since, int unanswered = 0);
    void look_again(const AppPtr& app);
    void ask(const AppPtr& app);
    void fetched(const App& app, const ApiResult& result);
    void settled(const App& app, Slot& slot, const TokenResult& answer);
    template <typename Then>
    void read_stored(const AppPtr& app, Then then);
    void load(const AppPtr& app);
    void loaded(const AppPtr& app, base::Result<std::optional<durable::StoredToken>> stored);
    bool adopt(Slot& slot, const durable::StoredToken& token) const;
    void keep(const App& app, Slot& slot, const ApiReply& reply);
    void count_failure(Slot& slot, boost::system::error_code error, std::string sentence);

    base::EventLoop& loop_;
    base::EventLoop& reads_;
    WecomApi& api_;
    durable::Tokens& stored_;
    base::Clock wall_clock_;
    std::function<void(const App&, bool)> on_fetched_;
    // By what a token is asked for with, never shared between corps: what was learned with another
    // secret says nothing of this one.
    std::unordered_map<std::string, Slot> slots_;
};

}  // namespace hermes::wecom
