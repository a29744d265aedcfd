// How a connection leaves HTTP for another protocol. An interface, so that only those who use one
// link it.
#pragma once

#include <optional>

#include "http/http_connection.hpp"
#include "http/http_server.hpp"
#include "http/http_worker.hpp"

namespace hermes::http {

class HttpUpgrade {
public:
    HttpUpgrade() = default;
    HttpUpgrade(const HttpUpgrade&) = delete;
    HttpUpgrade& operator=(const HttpUpgrade&) = delete;
    virtual ~HttpUpgrade() = default;

    // Nothing, and the stream untouched, if the request does not ask for it or is not granted it.
    // Otherwise moves the stream away and returns what is to be awaited to the connection's end; it
    // enters the worker as a connection of its own. `request` is valid until this returns.
    virtual std::optional<Awaitable<void>> take_over(HttpWorker& worker, PlainStream& stream,
                                                     const HttpRequest& request) const = 0;
};

}  // namespace hermes::http
