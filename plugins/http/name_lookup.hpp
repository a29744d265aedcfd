// Host names to addresses, on threads of its own.
//
// Not Asio's resolver: that has one thread, so that a name nobody answers for holds up all others,
// and the system's limit (10 s for each name server) holds up stopping, since a lookup can't be
// interrupted.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "http/io_thread.hpp"

namespace hermes::http {

class NameLookup {
public:
    using Endpoints = boost::asio::ip::tcp::resolver::results_type;
    using Found = std::pair<boost::system::error_code, Endpoints>;

    // Resumes on `executor`. The lookup outlives whoever awaits it.
    Awaitable<Found> find(std::string host, std::uint16_t port, IoExecutor executor);

private:
    // More than one app has requests under way (8, and one for its token), so that a name that
    // nobody answers for, for seconds, leaves threads to the names of others.
    boost::asio::thread_pool threads_{12};
};

}  // namespace hermes::http
