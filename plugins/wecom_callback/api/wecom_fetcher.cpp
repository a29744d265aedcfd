#include "api/wecom_fetcher.hpp"

#include <chrono>
#include <utility>

#include "api/delivery_error.hpp"
#include "api/media_receiver.hpp"
#include "base/failure.hpp"
#include "protocol/api_error.hpp"

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
    // Where WeCom gives the file only piece by piece.
    bool in_ranges = false;
    std::uint64_t here = 0;   // bytes of it
    std::uint64_t total = 0;  // 0: not known yet
    Fetched as_it_began{};    // what the first piece says of all
};

void WecomFetcher::fetch(durable::FileRequest request, Sink sink, Done done) {
    auto app = apps_.now()->known(request.account);
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
    const auto asker = AccessTokens::Asker::beside;
    tokens_.get(app, asker, [this, errand = std::move(errand)](const TokenResult& token) mutable {
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
    how.response_bytes_max = errand->request.bytes_max - errand->here;
    if (errand->in_ranges) {
        how.headers.emplace_back("Range", media_range(errand->here, errand->total));
    }
    how.sink = [receiver](std::string piece,
                          base::MoveOnlyFunction<void(http::HttpBodyNext)> next) {
        receiver->take(std::move(piece), std::move(next));
    };
    const auto& on_its_way = *errand;
    api_.get_media(
        *on_its_way.app, token.access_token, on_its_way.request.reference, std::move(how),
        [this, receiver, used = token.access_token,
         errand = std::move(errand)](const http::HttpClientReply& reply) mutable {
            auto range = parse_media_range(reply.header("Content-Range"));
            receiver->end(reply, [this, receiver, range, used = std::move(used),
                                  errand = std::move(errand)](Fetched fetched) mutable {
                loop_.post([this, range, used = std::move(used), errand = std::move(errand),
                            fetched = std::move(fetched)]() mutable {
                    if (!fetched.error) {
                        fetched = piece_came(*errand, range, std::move(fetched));
                    }
                    finished(std::move(errand), std::move(fetched), used);
                });
            });
        });
}

// What is to be said of the file so far.
Fetched WecomFetcher::piece_came(Errand& errand, const std::optional<MediaRange>& range,
                                 Fetched piece) {
    if (!range && errand.here == 0) {
        return piece;  // it is all there is
    }
    if (!range || range->begin != errand.here ||
        (errand.total != 0 && range->total != errand.total)) {
        return fetch_failed(DeliveryError::file_cut, "WeCom sent another piece than was asked for");
    }
    if (range->total > errand.request.bytes_max) {
        return fetch_failed(FetchError::too_large, "it has " + std::to_string(range->total) +
                                                       " bytes, `media_bytes_max` is " +
                                                       std::to_string(errand.request.bytes_max));
    }
    if (errand.here == 0) {
        errand.as_it_began = std::move(piece);
    }
    errand.here = range->end;
    errand.total = range->total;
    return errand.as_it_began;
}

void WecomFetcher::finished(std::unique_ptr<Errand> errand, Fetched fetched,
                            const base::Secret& used) {
    if (!fetched.error) {
        tokens_.proved_good(*errand->app);
    } else if (fetched.error == base::Failure::refresh_token) {
        tokens_.drop(*errand->app, used);
        if (!std::exchange(errand->has_refreshed, true)) {
            attempt(std::move(errand));
            return;
        }
    }
    const bool is_refused_whole = fetched.error.category() == api_category() &&
                                  wants_ranges(fetched.error.value()) &&
                                  !std::exchange(errand->in_ranges, true);
    if (is_refused_whole || (!fetched.error && errand->here < errand->total)) {
        attempt(std::move(errand));
        return;
    }
    errand->done(std::move(fetched));
}

}  // namespace hermes::wecom
