#include "api/wecom_fetcher.hpp"

#include <chrono>
#include <utility>

#include "api/delivery_error.hpp"
#include "api/media_receiver.hpp"
#include "base/failure.hpp"

namespace hermes::wecom {

using durable::Fetched;
using durable::FetchError;

// One file on its way.
struct WecomFetcher::Errand {
    AppPtr app;
    durable::FileRequest request;
    Sink sink;
    Done done;
    base::SteadyTime until;
    bool has_refreshed = false;
};

void WecomFetcher::fetch(durable::FileRequest request, Sink sink, Done done) {
    auto app = apps_->find_account(request.account);
    if (!app) {
        done(
            {.error = DeliveryError::other_corp, .sentence = "the app is not configured any more"});
        return;
    }
    const auto until = loop_.now() + request.time;
    attempt(std::make_unique<Errand>(
        Errand{std::move(app), std::move(request), std::move(sink), std::move(done), until}));
}

void WecomFetcher::attempt(std::unique_ptr<Errand> errand) {
    const auto app = errand->app;
    tokens_.get(app, [this, errand = std::move(errand)](const TokenResult& token) mutable {
        ask(std::move(errand), token);
    });
}

void WecomFetcher::ask(std::unique_ptr<Errand> errand, const TokenResult& token) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(errand->until - loop_.now());
    if (token.error || left.count() <= 0) {
        errand->done(token.error ? Fetched{.error = token.error, .sentence = token.sentence}
                                 : Fetched{.error = FetchError::too_late});
        return;
    }
    auto receiver = std::make_shared<MediaReceiver>(errand->sink);
    http::HttpClientRequest how;
    how.timeout = left;
    how.response_bytes_max = errand->request.bytes_max;
    how.sink = [receiver](std::string piece, auto next) {
        receiver->take(std::move(piece), std::move(next));
    };
    const auto& on_its_way = *errand;
    api_.get_media(*on_its_way.app, token.access_token, on_its_way.request.reference,
                   std::move(how),
                   [this, receiver, used = token.access_token,
                    errand = std::move(errand)](const http::HttpClientReply& reply) mutable {
                       receiver->end(reply, [this, receiver, used = std::move(used),
                                             errand = std::move(errand)](Fetched fetched) mutable {
                           loop_.post([this, used = std::move(used), errand = std::move(errand),
                                       fetched = std::move(fetched)]() mutable {
                               finished(std::move(errand), std::move(fetched), used);
                           });
                       });
                   });
}

void WecomFetcher::finished(std::unique_ptr<Errand> errand, Fetched fetched,
                            const base::Secret& used) {
    if (!fetched.error) {
        tokens_.proved_good(*errand->app);
    } else if (doubts_the_token(fetched.error)) {
        tokens_.drop(*errand->app, used);
    }
    if (fetched.error == base::Failure::refresh_token &&
        !std::exchange(errand->has_refreshed, true)) {
        attempt(std::move(errand));
        return;
    }
    errand->done(std::move(fetched));
}

}  // namespace hermes::wecom
