#include "api/access_tokens.hpp"

#include <algorithm>
#include <utility>

#include "api/delivery_error.hpp"
#include "base/backoff.hpp"
#include "base/failure.hpp"
#include "durable/delivery/account_pause.hpp"
#include "protocol/sha256.hpp"

namespace hermes::wecom {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Renewed this long before its end, or a tenth of its life if that is shorter: a token that lives
// for a few seconds (a test, a misbehaving gateway) must not be fetched for every message.
constexpr seconds renewal_margin{300};
constexpr durable::PauseWaits failure_waits{seconds{1}, seconds{60}};
// A token that is refused younger than this was never good.
constexpr seconds proven_after{60};
// No stored token is believed to live longer, whatever the clock says. WeCom doc 91039: 7200 s.
constexpr seconds stored_life_max{7200};
// Until it is looked again whether the gateway that fetches a token has it.
constexpr milliseconds claimed_pause{300};
// So often the database may fail to say whose turn it is. It may be slow for a moment; if it is
// gone, a token too many is better than none.
constexpr int unanswered_max = 10;

// What looks something up asks at any time, paused app or not: WeCom blocks an address for an hour
// that goes on with a wrong secret (doc 90313), so it waits as the pause does.
durable::PauseWaits waits_after(boost::system::error_code error) {
    return error == base::Failure::fix_secret  ? durable::secret_waits
           : error == base::Failure::slow_down ? durable::slow_down_waits
                                               : failure_waits;
}

base::SteadyTime renewal_time(base::SteadyTime expires_at, seconds life) {
    return expires_at - std::min(renewal_margin, life / 10);
}

std::string stored_key(const App& app) {
    constexpr std::size_t digits = 16;
    return app.account() + ':' + sha256_hex(app.corp_secret.expose_secret()).substr(0, digits);
}

}  // namespace

std::string AccessTokens::way_in(const App& app) {
    return app.account() + '\n' + app.corp_secret.expose_secret() + '\n' + app.api_base + '\n' +
           app.proxy.expose_secret();
}

AccessTokens::AccessTokens(base::EventLoop& loop, base::EventLoop& reads, WecomApi& api,
                           durable::Tokens& stored, base::Clock wall_clock)
    : loop_(loop), reads_(reads), api_(api), stored_(stored), wall_clock_(std::move(wall_clock)) {}

void AccessTokens::get(const AppPtr& app, Asker asker, Handler handler) {
    auto& slot = slots_[way_in(*app)];
    if (slot.stored != Slot::Stored::known) {
        slot.waiting.emplace_back(asker, std::move(handler));
        load(app);
        return;
    }
    const auto now = loop_.now();
    if (!slot.token.empty() && now < slot.expires_at) {
        if (now >= slot.renew_at && !slot.fetching && now >= slot.retry_at) {
            fetch(app, slot);  // ahead of its end; this one still works
        }
        TokenResult result;
        result.access_token = slot.token;
        handler(result);
    } else if (slot.failures > 0 && !slot.fetching &&
               now < (asker == Asker::delivery ? slot.probe_at : slot.retry_at)) {
        handler(slot.failure);
    } else {
        slot.waiting.emplace_back(asker, std::move(handler));
        if (!slot.fetching) {
            fetch(app, slot);
        }
    }
}

void AccessTokens::proved_good(Slot& slot) {
    if (std::exchange(slot.refused_young, 0) > 0) {
        slot.failures = 0;
    }
}

// Where those before it were refused, it counts as nothing before it has worked.
void AccessTokens::was_given(Slot& slot) {
    if (slot.refused_young == 0) {
        slot.failures = 0;
    }
}

void AccessTokens::drop(const App& app, const base::Secret& access_token) {
    auto& slot = slots_[way_in(app)];
    if (slot.token.empty() || !(slot.token == access_token)) {
        return;
    }
    slot.token = base::Secret();
    stored_.erase(stored_key(app), access_token);
    if (loop_.now() - slot.fetched_at >= proven_after) {
        proved_good(slot);
    } else if (++slot.refused_young > 1) {  // the first may have been replaced by somebody else's
        const boost::system::error_code refused = DeliveryError::token_refused;
        count_failure(slot, refused, refused.message());
    }
}

template <typename Then>
void AccessTokens::read_stored(const AppPtr& app, Then then) {
    reads_.post([this, app, then = std::move(then)]() mutable {
        loop_.post([stored = stored_.load(stored_key(*app)), then = std::move(then)]() mutable {
            then(std::move(stored));
        });
    });
}

void AccessTokens::load(const AppPtr& app) {
    auto& slot = slots_[way_in(*app)];
    if (std::exchange(slot.stored, Slot::Stored::being_read) == Slot::Stored::unknown) {
        read_stored(app, [this, app](auto stored) { loaded(app, std::move(stored)); });
    }
}

void AccessTokens::loaded(const AppPtr& app,
                          base::Result<std::optional<durable::StoredToken>> stored) {
    auto& slot = slots_[way_in(*app)];
    slot.stored = Slot::Stored::known;  // one that can't be read is fetched anew
    if (stored && *stored && adopt(slot, **stored)) {
        slot.fetched_at = loop_.now() - proven_after;  // an earlier run has used it
    }
    for (auto& [asker, handler] : std::exchange(slot.waiting, {})) {
        get(app, asker, std::move(handler));
    }
}

bool AccessTokens::adopt(Slot& slot, const durable::StoredToken& token) const {
    const auto left = std::chrono::duration_cast<milliseconds>(token.expires_at - wall_clock_());
    const auto life = std::min<milliseconds>(left, stored_life_max);
    if (life <= milliseconds{0}) {
        return false;
    }
    slot.token = token.access_token;
    slot.fetched_at = loop_.now();
    slot.expires_at = loop_.now() + life;
    slot.renew_at = renewal_time(slot.expires_at, renewal_margin * 10);
    return true;
}

void AccessTokens::fetch(const AppPtr& app, Slot& slot) {
    slot.fetching = true;
    if (stored_.is_shared()) {
        claim(app, loop_.now());
    } else {
        ask(app);
    }
}

// Waits no longer than a claim lives, whatever the clock says of whoever has it.
void AccessTokens::claim(const AppPtr& app, base::SteadyTime since, int unanswered) {
    stored_.claim(stored_key(*app), [this, app, since, unanswered](base::Result<bool> claimed) {
        const bool is_answered = claimed.has_value();
        const bool is_overdue = loop_.now() - since >= durable::claim_life;
        if (is_overdue || (is_answered ? *claimed : unanswered >= unanswered_max)) {
            look_again(app);
            return;
        }
        loop_.at(loop_.now() + claimed_pause,
                 [this, app, since, next = is_answered ? 0 : unanswered + 1] {
                     claim(app, since, next);
                 });
    });
}

void AccessTokens::look_again(const AppPtr& app) {
    read_stored(app, [this, app](const auto& stored) {
        auto& slot = slots_[way_in(*app)];
        const bool is_another = stored && *stored && !((*stored)->access_token == slot.token);
        if (is_another && adopt(slot, **stored)) {
            was_given(slot);
            settled(*app, slot, {{}, slot.token, {}});
        } else {
            ask(app);
        }
    });
}

void AccessTokens::ask(const AppPtr& app) {
    api_.get_token(*app, [this, app](ApiResult result) {
        loop_.post([this, app, result = std::move(result)] { fetched(*app, result); });
    });
}

void AccessTokens::fetched(const App& app, const ApiResult& result) {
    auto& slot = slots_[way_in(app)];
    if (on_fetched_) {
        on_fetched_(app, !result.error);
    }
    TokenResult answer;
    if (result.error) {
        count_failure(slot, result.error, result.sentence);
        answer = slot.failure;
    } else {
        keep(app, slot, result.reply);
        answer.access_token = slot.token;
    }
    settled(app, slot, answer);
}

// After the token was saved: who has the claim next finds it.
void AccessTokens::settled(const App& app, Slot& slot, const TokenResult& answer) {
    slot.fetching = false;
    if (stored_.is_shared()) {
        stored_.release(stored_key(app));
    }
    for (auto& [asker, handler] : std::exchange(slot.waiting, {})) {
        handler(answer);
    }
}

void AccessTokens::keep(const App& app, Slot& slot, const ApiReply& reply) {
    const seconds life{std::clamp<std::int64_t>(reply.expires_in_s, 1, expires_in_max_s)};
    was_given(slot);
    slot.token = base::Secret(reply.access_token);
    slot.fetched_at = loop_.now();
    slot.expires_at = slot.fetched_at + life;
    slot.renew_at = renewal_time(slot.expires_at, life);
    stored_.save(stored_key(app), {slot.token, wall_clock_() + life});
}

void AccessTokens::count_failure(Slot& slot, boost::system::error_code error,
                                 std::string sentence) {
    const auto waits = waits_after(error);
    const bool is_another = waits.first != waits_after(slot.failure.error).first;
    slot.failures = is_another ? 1 : slot.failures + 1;
    const auto after = [&](const durable::PauseWaits& grown) {
        return loop_.now() + base::backoff(grown.first, slot.failures, grown.longest);
    };
    slot.retry_at = after(waits);
    slot.probe_at = after(failure_waits);
    slot.failure = TokenResult{error, base::Secret(), std::move(sentence)};
}

void AccessTokens::configured() {
    for (auto& [way, slot] : slots_) {
        slot.retry_at = slot.probe_at = {};
    }
}

}  // namespace hermes::wecom
