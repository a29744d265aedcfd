#include "api/media_receiver.hpp"

#include <utility>

#include "api/delivery_error.hpp"
#include "api/wecom_api.hpp"
#include "base/ascii.hpp"
#include "protocol/file_name.hpp"
#include "protocol/media_type.hpp"

namespace hermes::wecom {
namespace {

using durable::Fetched;
using durable::Fetcher;
using durable::FetchError;
using http::HttpBodyNext;
using http::HttpClientReply;
using http::HttpOutcome;

constexpr unsigned http_ok = 200;
constexpr unsigned http_partial_content = 206;

bool has_type(const HttpClientReply& reply, std::string_view type) {
    const auto field = reply.header("Content-Type");
    return base::equal_ignoring_case(base::trim(field.substr(0, field.find(';'))), type);
}

// A file has a Content-Disposition; an error, and the page of some proxy, has none.
bool may_be_a_file(const HttpClientReply& reply, std::string_view beginning) {
    if (reply.status == http_partial_content) {
        return !reply.header("Content-Range").empty();
    }
    if (reply.status != http_ok) {
        return false;
    }
    return !reply.header("Content-Disposition").empty() ||
           !(has_type(reply, "application/json") || has_type(reply, "text/html") ||
             base::trim(beginning).starts_with('{'));
}

}  // namespace

Fetched fetch_failed(boost::system::error_code error, const std::string& problem) {
    return {.error = error, .sentence = error.message() + " (" + problem + ')'};
}

void MediaReceiver::take(std::string piece, base::MoveOnlyFunction<void(HttpBodyNext)> next) {
    const auto pass = [sink = sink_](std::string bytes,
                                     base::MoveOnlyFunction<void(HttpBodyNext)> then) {
        (*sink)(std::move(bytes), [then = std::move(then)](Fetcher::Next said) mutable {
            then(said == Fetcher::Next::go_on ? HttpBodyNext::go_on : HttpBodyNext::give_up);
        });
    };
    if (beginning_.empty()) {
        beginning_ = piece.substr(0, media_beginning_bytes);
        held_ = std::move(piece);
        next(HttpBodyNext::go_on);
    } else if (std::exchange(passing_, true)) {
        pass(std::move(piece), std::move(next));
    } else {
        pass(std::move(held_),
             [pass, piece = std::move(piece), next = std::move(next)](HttpBodyNext said) mutable {
                 if (said == HttpBodyNext::go_on) {
                     pass(std::move(piece), std::move(next));
                 } else {
                     next(said);
                 }
             });
    }
}

void MediaReceiver::end(const HttpClientReply& reply, Fetcher::Done done) {
    auto fetched = judge(reply);
    if (fetched.error || passing_ || held_.empty()) {
        done(std::move(fetched));
        return;
    }
    (*sink_)(std::move(held_),
             [fetched = std::move(fetched), done = std::move(done)](Fetcher::Next said) mutable {
                 if (said == Fetcher::Next::give_up) {
                     fetched.error = FetchError::too_late;
                 }
                 done(std::move(fetched));
             });
}

Fetched MediaReceiver::judge(const HttpClientReply& reply) const {
    if (reply.too_long) {
        return fetch_failed(FetchError::too_large, reply.problem);
    }
    if (reply.outcome != HttpOutcome::replied) {
        return fetch_failed(reply.outcome == HttpOutcome::not_sent ? DeliveryError::not_sent
                                                                   : DeliveryError::file_cut,
                            reply.problem);
    }
    if (!may_be_a_file(reply, beginning_)) {
        auto error = reply;
        error.body = passing_ ? std::string() : held_;
        auto result = read_reply(error);
        return result.error ? Fetched{.error = result.error, .sentence = result.sentence}
                            : fetch_failed(DeliveryError::not_wecom, "no file in it");
    }
    auto file_name = file_name_in(reply.header("Content-Disposition"));
    auto type = media_type_of(beginning_, file_name, reply.header("Content-Type"));
    return {.file_name = std::move(file_name),
            .mime_type = std::move(type.mime_type),
            .suffix = std::move(type.suffix)};
}

}  // namespace hermes::wecom
