// Brings the files that members send: with the app's access token, and with a fresh one if that is
// dead. What WeCom refuses to give at once is fetched piece by piece. A file's reference is its
// MediaId.
#pragma once

#include <memory>
#include <optional>

#include "api/access_tokens.hpp"
#include "api/wecom_api.hpp"
#include "base/event_loop.hpp"
#include "durable/media/fetcher.hpp"
#include "policy/current_apps.hpp"
#include "protocol/media_range.hpp"

namespace hermes::wecom {

class WecomFetcher final : public durable::Fetcher {
public:
    // All references outlive the loop's last task and the API's last handler.
    WecomFetcher(base::EventLoop& loop, WecomApi& api, AccessTokens& tokens,
                 const CurrentApps& apps)
        : loop_(loop), api_(api), tokens_(tokens), apps_(apps) {}

    void fetch(durable::FileRequest request, Sink sink, Done done) override;

private:
    struct Errand;

    void attempt(std::unique_ptr<Errand> errand);
    void ask(std::unique_ptr<Errand> errand, const TokenResult& token);
    static durable::Fetched piece_came(Errand& errand, const std::optional<MediaRange>& range,
                                       durable::Fetched piece);
    void finished(std::unique_ptr<Errand> errand, durable::Fetched fetched,
                  const base::Secret& used);

    base::EventLoop& loop_;
    WecomApi& api_;
    AccessTokens& tokens_;
    const CurrentApps& apps_;
};

}  // namespace hermes::wecom
