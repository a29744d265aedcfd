// How far a request of the client has come, and how its steps say that they failed.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <string>
#include <utility>

namespace hermes::http {

// Kept up to date so that it can be told at any moment, also by a
// timer that ends it.
struct HttpProgress {
    std::string step;          // "connect to 127.0.0.1:9"
    std::string reason;        // why the step failed
    bool sent = false;         // a byte of the request may have left
    bool reply_begun = false;  // a byte of the reply has come
    bool too_long = false;     // its body is longer than it may be
};

// Always false.
inline bool fail(HttpProgress& progress, std::string reason) {
    progress.reason = std::move(reason);
    return false;
}

inline bool is_end_of_stream(const boost::system::error_code& ec) {
    return ec == boost::beast::http::error::end_of_stream || ec == boost::asio::error::eof ||
           ec == boost::asio::ssl::error::stream_truncated ||
           ec == boost::beast::http::error::partial_message;
}

}  // namespace hermes::http
