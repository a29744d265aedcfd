// The reply to media/get while it comes: a file, or an error in its place. WeCom doc 90254.
//
// An error comes with status 200 as JSON, and a member's own file may be JSON too, so the first
// piece is held back until a second one or the end shows what it is: an error fits into one.
#pragma once

#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <utility>

#include "durable/media/fetcher.hpp"
#include "http/http_client.hpp"

namespace hermes::wecom {

// What was fetched, if it is nothing: the error's sentence, and what the trouble was.
durable::Fetched fetch_failed(boost::system::error_code error, const std::string& problem);

// On the client's thread, and on that of the sink's answers.
class MediaReceiver {
public:
    explicit MediaReceiver(durable::Fetcher::Sink sink)
        : sink_(std::make_shared<const durable::Fetcher::Sink>(std::move(sink))) {}

    // As an HttpBodySink.
    void take(std::string piece, base::MoveOnlyFunction<void(http::HttpBodyNext)> next);
    // `done` is told what it was, once the sink has all of it.
    void end(const http::HttpClientReply& reply, durable::Fetcher::Done done);

private:
    durable::Fetched judge(const http::HttpClientReply& reply) const;

    // Shared with pieces on their way, which a request that times out does not wait for.
    const std::shared_ptr<const durable::Fetcher::Sink> sink_;
    std::string held_;       // the first piece, while nothing follows
    std::string beginning_;  // of the body
    bool passing_ = false;   // the sink has got something
};

}  // namespace hermes::wecom
