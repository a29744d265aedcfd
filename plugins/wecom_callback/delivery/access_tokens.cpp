#include "delivery/access_tokens.hpp"

#include <algorithm>
#include <utility>

namespace hermes::wecom {

namespace {

using std::chrono::seconds;

// Renewed this long before its end, or a tenth of its life if that is shorter: a token that lives
// for a few seconds (a test, a misbehaving gateway) must not be fetched for every message.
constexpr seconds renewal_margin{300};
constexpr seconds failure_pause_first{1};
constexpr seconds failure_pause_max{60};

support::WallTime renewal_time(support::WallTime expires_at, seconds life) {
    return expires_at - std::min(renewal_margin, life / 10);
}

}  // namespace

AccessTokens::AccessTokens(DeliveryThread& thread, WecomApi& api, Tokens& stored)
    : thread_(thread), api_(api), stored_(stored) {}

void AccessTokens::get(const ApiApp& app, Handler handler) {
    auto& slot = slots_[app.key()];
    load(app, slot);
    const auto now = thread_.now();
    if (!slot.token.empty() && now < slot.expires_at) {
        if (now >= slot.renew_at && !slot.fetching && now >= slot.retry_at) {
            fetch(app, slot);  // ahead of its end; this one still works
        }
        TokenResult result;
        result.access_token = slot.token;
        handler(result);
    } else if (slot.failures > 0 && now < slot.retry_at && !slot.fetching) {
        handler(slot.failure);
    } else {
        slot.waiting.push_back(std::move(handler));
        if (!slot.fetching) {
            fetch(app, slot);
        }
    }
}

void AccessTokens::drop(const ApiApp& app, const support::Secret& access_token) {
    auto& slot = slots_[app.key()];
    if (slot.token == access_token) {
        slot.token = support::Secret();
        stored_.erase(app.key());
    }
}

void AccessTokens::load(const ApiApp& app, Slot& slot) {
    if (std::exchange(slot.loaded, true)) {
        return;
    }
    if (auto stored = stored_.load(app.key())) {
        slot.token = std::move(stored->access_token);
        slot.expires_at = stored->expires_at;
        slot.renew_at = renewal_time(slot.expires_at, renewal_margin * 10);
    }
}

void AccessTokens::fetch(const ApiApp& app, Slot& slot) {
    slot.fetching = true;
    api_.get_token(app, [this, &app](ApiResult result) {
        thread_.post([this, &app, result = std::move(result)] { fetched(app, result); });
    });
}

void AccessTokens::fetched(const ApiApp& app, const ApiResult& result) {
    auto& slot = slots_[app.key()];
    slot.fetching = false;
    TokenResult answer;
    if (result.error) {
        const auto pause = failure_pause_first * (1 << std::min(slot.failures, 6));
        slot.failures += 1;
        slot.retry_at = thread_.now() + std::min<seconds>(pause, failure_pause_max);
        answer.error = result.error;
        answer.sentence = result.sentence;
        slot.failure = answer;
    } else {
        keep(app, slot, result.reply);
        answer.access_token = slot.token;
    }
    for (const auto& handler : std::exchange(slot.waiting, {})) {
        handler(answer);
    }
}

void AccessTokens::keep(const ApiApp& app, Slot& slot, const ApiReply& reply) {
    const seconds life{std::clamp<std::int64_t>(reply.expires_in_s, 1, 86'400)};
    slot.failures = 0;
    slot.token = support::Secret(reply.access_token);
    slot.expires_at = thread_.now() + life;
    slot.renew_at = renewal_time(slot.expires_at, life);
    stored_.save(app.key(), {slot.token, slot.expires_at});
}

}  // namespace hermes::wecom
