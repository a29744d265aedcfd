// Host names to addresses, on threads of its own.
//
// Not Asio's resolver: that has one thread, so that a name nobody answers for holds up all others,
// and the system's limit (10 s for each name server) holds up stopping, since a lookup can't be
// interrupted.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace hermes::support {

class NameLookup {
public:
    using Executor = boost::asio::io_context::executor_type;
    using Endpoints = boost::asio::ip::tcp::resolver::results_type;
    using Found = std::pair<boost::system::error_code, Endpoints>;

    // Resumes on `executor`. The lookup outlives whoever awaits it.
    boost::asio::awaitable<Found, Executor> find(std::string host, std::uint16_t port,
                                                 Executor executor);

private:
    boost::asio::thread_pool threads_{2};
};

}  // namespace hermes::support
