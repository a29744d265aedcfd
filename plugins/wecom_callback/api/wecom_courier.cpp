#include "api/wecom_courier.hpp"

#include <utility>

#include "api/delivery_error.hpp"
#include "base/failure.hpp"
#include "protocol/api_error.hpp"
#include "protocol/api_json.hpp"
#include "protocol/media_message.hpp"
#include "protocol/template_card.hpp"

namespace hermes::wecom {

namespace {

constexpr int errcode_task_id = 42014;     // WeCom doc 90313
constexpr int errcode_code_spent = 60140;  // WeCom doc 90313

SendError refusal_of(boost::system::error_code error) {
    if (error == DeliveryError::invalid_user || is_unknown_member(code_of(error))) {
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

durable::Receipt refused_here(boost::system::error_code error) {
    auto refused = failure(error, error.message());
    refused.was_asked = false;
    return refused;
}

}  // namespace

int code_of(boost::system::error_code error) {
    return error.category() == api_category() ? error.value() : 0;
}

// One parcel on its way.
struct WecomCourier::Errand {
    AppPtr app;
    Recipient to;
    durable::Parcel parcel;
    Done done;
    void (WecomApi::*call)(const App&, const base::Secret&, std::string, const Recipient&,
                           WecomApi::Handler) = &WecomApi::send_message;
    bool has_refreshed = false;
    // Of one with a file.
    MediaKind kind = MediaKind::file;
    std::string media_id{};  // once it is known
    std::string refused_media_id{};

    bool closes_card() const noexcept { return card_closing_body(parcel.payload).has_value(); }

    // Whether WeCom's refusal says that an earlier attempt was taken. A card's code works once, and
    // after 72 hours there is nothing left to do either; and a question's task id, which is its own
    // and as WeCom wants it, can be wrong only in that it is known already.
    bool has_come_through(int code) const {
        return call == &WecomApi::update_card
                   ? code == errcode_code_spent
                   : code == errcode_task_id && shown_card(parcel.payload).has_value();
    }

    std::string request() const {
        if (const auto closing = card_closing_body(parcel.payload)) {
            return std::string(*closing);
        }
        auto body = parcel.file ? with_media(parcel.payload, kind, media_id) : parcel.payload;
        return parcel.duplicate_check == durable::DuplicateCheck::on
                   ? with_duplicate_check(std::move(body))
                   : body;
    }
};

WecomCourier::WecomCourier(base::EventLoop& loop, WecomApi& api, AccessTokens& tokens,
                           MediaIds& media, const CurrentApps& apps)
    : loop_(loop), api_(api), tokens_(tokens), media_(media), apps_(apps) {}

void WecomCourier::deliver(durable::Parcel parcel, Done done) {
    auto app = apps_.now()->known(parcel.account);
    const auto destination = Destination::parse(parcel.chat);
    if (!app || !destination || destination->corp != app->corp) {
        // A reply never goes to somebody else, whatever the tables say.
        done(refused_here(DeliveryError::other_corp));
        return;
    }
    auto errand = std::make_unique<Errand>(
        Errand{std::move(app), destination->to, std::move(parcel), std::move(done)});
    if (errand->closes_card()) {
        errand->call = &WecomApi::update_card;
    } else if (errand->parcel.file) {
        errand->kind = media_kind_of(errand->parcel.payload).value_or(MediaKind::file);
    }
    attempt(std::move(errand));
}

void WecomCourier::attempt(std::unique_ptr<Errand> errand) {
    const auto app = errand->app;
    const auto asker = AccessTokens::Asker::delivery;
    tokens_.get(app, asker, [this, errand = std::move(errand)](const TokenResult& token) mutable {
        begin(std::move(errand), token);
    });
}

void WecomCourier::begin(std::unique_ptr<Errand> errand, const TokenResult& token) {
    if (token.error) {
        errand->done(failure(token.error, token.sentence));
    } else if (errand->parcel.file && errand->media_id.empty()) {
        find_media_id(std::move(errand), token.access_token);
    } else {
        send(std::move(errand), token.access_token);
    }
}

void WecomCourier::find_media_id(std::unique_ptr<Errand> errand, const base::Secret& access_token) {
    const auto& on_its_way = *errand;
    media_.find(
        on_its_way.app, access_token, *on_its_way.parcel.file, on_its_way.kind,
        {.is_repeated = on_its_way.parcel.is_repeated, .refused = on_its_way.refused_media_id},
        [this, access_token, errand = std::move(errand)](ApiResult found) mutable {
            if (found.error) {
                finished(std::move(errand), found, access_token);
                return;
            }
            errand->media_id = std::move(found.reply.media_id);
            send(std::move(errand), access_token);
        });
}

void WecomCourier::send(std::unique_ptr<Errand> errand, const base::Secret& access_token) {
    if (!errand->parcel.may_go()) {  // a token or an upload was waited for
        errand->done(refused_here(DeliveryError::overtaken));
        return;
    }
    const auto& on_its_way = *errand;
    (api_.*on_its_way.call)(
        *on_its_way.app, access_token, on_its_way.request(), on_its_way.to,
        [this, used = access_token, errand = std::move(errand)](ApiResult result) mutable {
            loop_.post([this, used = std::move(used), errand = std::move(errand),
                        result = std::move(result)]() mutable {
                finished(std::move(errand), result, used);
            });
        });
}

// Whether the failure is one of the file, for which there is another way: a new media id, once, or
// as a file what WeCom does not take as anything better.
bool WecomCourier::goes_otherwise(Errand& errand, boost::system::error_code error) {
    if (!errand.parcel.file) {
        return false;
    }
    const auto code = code_of(error);
    if (is_stale_media(code) && errand.refused_media_id.empty() && !errand.media_id.empty()) {
        errand.refused_media_id = std::exchange(errand.media_id, {});
        return true;
    }
    if (is_unfit_media(code) && errand.kind != MediaKind::file) {
        errand.kind = MediaKind::file;
        errand.media_id.clear();
        errand.refused_media_id.clear();  // that was of the other kind
        return true;
    }
    return false;
}

void WecomCourier::finished(std::unique_ptr<Errand> errand, const ApiResult& result,
                            const base::Secret& used) {
    if (!result.error || errand->has_come_through(code_of(result.error))) {
        tokens_.proved_good(*errand->app);
        errand->done({.message_id = result.reply.msgid});
        return;
    }
    if (result.error == base::Failure::refresh_token) {
        tokens_.drop(*errand->app, used);
        if (!std::exchange(errand->has_refreshed, true)) {
            attempt(std::move(errand));
            return;
        }
    }
    if (goes_otherwise(*errand, result.error)) {
        attempt(std::move(errand));
        return;
    }
    errand->done(failure(result.error, result.sentence));
}

}  // namespace hermes::wecom
