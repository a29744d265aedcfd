// Takes a parcel to WeCom: with the app's access token, and with a fresh one if that is dead.
//
// A parcel's payload is the body of message/send for the chat's recipient, without the duplicate
// check; with a file, without its media id as well (format_media_send). Or it is what closes a card
// (format_card_closing).
#pragma once

#include <memory>

#include "api/access_tokens.hpp"
#include "api/media_ids.hpp"
#include "api/wecom_api.hpp"
#include "base/event_loop.hpp"
#include "durable/delivery/courier.hpp"
#include "durable/delivery/delivery.hpp"
#include "policy/current_apps.hpp"

namespace hermes::wecom {

// WeCom doc 90236: what goes over 30 messages a minute or 1000 an hour to one member of one app is
// dropped, silently.
inline constexpr durable::PacingLimits member_pacing{.per_minute = 30, .per_hour = 1000};
// WeCom doc 90312: calls of one kind, of all apps of a corp together; who goes over is blocked.
inline constexpr std::size_t corp_requests_per_minute = 10'000;

// WeCom's code, 0 if the error is not WeCom's.
int code_of(boost::system::error_code error);

class WecomCourier final : public durable::Courier {
public:
    // All references outlive the loop's last task and the API's last handler.
    WecomCourier(base::EventLoop& loop, WecomApi& api, AccessTokens& tokens, MediaIds& media,
                 const CurrentApps& apps);

    void deliver(durable::Parcel parcel, Done done) override;

private:
    struct Errand;

    void attempt(std::unique_ptr<Errand> errand);
    void begin(std::unique_ptr<Errand> errand, const TokenResult& token);
    void find_media_id(std::unique_ptr<Errand> errand, const base::Secret& access_token);
    void send(std::unique_ptr<Errand> errand, const base::Secret& access_token);
    bool goes_otherwise(Errand& errand, boost::system::error_code error);
    void finished(std::unique_ptr<Errand> errand, const ApiResult& result,
                  const base::Secret& used);

    base::EventLoop& loop_;
    WecomApi& api_;
    AccessTokens& tokens_;
    MediaIds& media_;
    const CurrentApps& apps_;
};

}  // namespace hermes::wecom
