// One accepted connection: a coroutine that reads requests, has them answered, and keeps the
// limits.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "http/http_worker.hpp"

namespace hermes::http {

using IoToken = boost::asio::as_tuple_t<boost::asio::use_awaitable_t<IoExecutor>>;
using ServerSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;

// Runs the connection on the worker's thread until it ends; `place` is destroyed then. `tls` is
// null for plain HTTP and otherwise outlives the worker.  [any]
void start_connection(HttpWorker& worker, ServerSocket socket, boost::asio::ssl::context* tls,
                      std::shared_ptr<void> place);

}  // namespace hermes::http
