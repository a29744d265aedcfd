#include "api/wecom_courier.hpp"

#include <utility>

#include "api/delivery_error.hpp"
#include "protocol/api_error.hpp"
#include "protocol/api_json.hpp"

namespace hermes::wecom {

namespace {

SendError refusal_of(boost::system::error_code error) {
    if (error == DeliveryError::invalid_user) {
        return SendError::not_found;
    }
    const bool is_forbidden = error == base::Failure::fix_setup ||
                              error == base::Failure::fix_secret ||
                              error == base::Failure::fix_member;
    return is_forbidden ? SendError::forbidden : SendError::invalid;
}

durable::Receipt failure(boost::system::error_code error, std::string sentence) {
    return {.error = error,
            .refusal = refusal_of(error),
            .code = code_of(error),
            .sentence = std::move(sentence)};
}

}  // namespace

int code_of(boost::system::error_code error) {
    return error.category() == api_category() ? error.value() : 0;
}

// One parcel on its way.
struct WecomCourier::Errand {
    AppPtr app;
    Recipient to;
    std::string request;
    Done done;
    bool has_refreshed = false;
};

WecomCourier::WecomCourier(base::EventLoop& loop, WecomApi& api, AccessTokens& tokens,
                           AppsSnapshot apps)
    : loop_(loop), api_(api), tokens_(tokens), apps_(std::move(apps)) {}

void WecomCourier::deliver(durable::Parcel parcel, Done done) {
    auto app = apps_->find_account(parcel.account);
    const auto destination = Destination::parse(parcel.chat);
    if (!app || !destination || destination->corp != app->corp) {
        // A reply never goes to somebody else, whatever the tables say.
        const boost::system::error_code error = DeliveryError::other_corp;
        auto refused = failure(error, error.message());
        refused.was_asked = false;
        done(std::move(refused));
        return;
    }
    auto request = std::move(parcel.payload);
    if (parcel.duplicate_check == durable::DuplicateCheck::on) {
        request = with_duplicate_check(std::move(request));
    }
    attempt(std::make_unique<Errand>(
        Errand{std::move(app), destination->to, std::move(request), std::move(done)}));
}

void WecomCourier::attempt(std::unique_ptr<Errand> errand) {
    const auto app = errand->app;
    tokens_.get(app, [this, errand = std::move(errand)](const TokenResult& token) mutable {
        send(std::move(errand), token);
    });
}

void WecomCourier::send(std::unique_ptr<Errand> errand, const TokenResult& token) {
    if (token.error) {
        errand->done(failure(token.error, token.sentence));
        return;
    }
    const auto& on_its_way = *errand;
    api_.send_message(
        *on_its_way.app, token.access_token, on_its_way.request, on_its_way.to,
        [this, used = token.access_token, errand = std::move(errand)](ApiResult result) mutable {
            loop_.post([this, used = std::move(used), errand = std::move(errand),
                        result = std::move(result)]() mutable {
                finished(std::move(errand), result, used);
            });
        });
}

void WecomCourier::finished(std::unique_ptr<Errand> errand, const ApiResult& result,
                            const base::Secret& used) {
    if (!result.error) {
        tokens_.proved_good(*errand->app);
        errand->done({.message_id = result.reply.msgid});
        return;
    }
    if (doubts_the_token(result.error)) {
        tokens_.drop(*errand->app, used);
    }
    if (result.error == base::Failure::refresh_token &&
        !std::exchange(errand->has_refreshed, true)) {
        attempt(std::move(errand));
        return;
    }
    errand->done(failure(result.error, result.sentence));
}

}  // namespace hermes::wecom
