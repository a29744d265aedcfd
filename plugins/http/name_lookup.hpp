// Host names to addresses, on threads of its own.
//
// Not Asio's resolver: that has one thread, so that a name nobody answers for holds up all others,
// and the system's limit (10 s for each name server) holds up stopping, since a lookup can't be
// interrupted. Here a name is looked up once however many ask for it at a time, so that it takes
// one thread of several.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/move_only_function.hpp"
#include "http/io_thread.hpp"

namespace hermes::http {

// IPv6 and IPv4 in turn, whatever came first stays first: one of the two may lead nowhere (RFC
// 8305, section 4).
void alternate(std::vector<boost::asio::ip::tcp::endpoint>& endpoints);

class NameLookup {
public:
    using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
    using Found = std::pair<boost::system::error_code, Endpoints>;

    NameLookup() = default;
    ~NameLookup();  // as stop(); waits for lookups that are under way
    NameLookup(const NameLookup&) = delete;
    NameLookup& operator=(const NameLookup&) = delete;

    // In the order in which they are worth trying: what was reached last, then the others
    // alternately. Resumes on `executor`.  [any]
    Awaitable<Found> find(std::string host, std::uint16_t port, IoExecutor executor);

    // That address of the host takes connections.  [any]
    void reached(const std::string& host, const boost::asio::ip::address& address);

    // Whoever waits is told operation_aborted now, as is whoever asks later.  [any]
    void stop() noexcept;

private:
    using Waiter = base::MoveOnlyFunction<void(const Found& found)>;
    struct Name {
        std::string host;
        std::uint16_t port = 0;
        auto operator<=>(const Name&) const = default;
    };

    void ask(Name name, Waiter waiter);
    void work();
    void order(const Name& name, Endpoints& endpoints) const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // All below under mutex_.
    std::map<Name, std::vector<Waiter>> waiting_;
    std::deque<Name> queue_;
    std::map<std::string, boost::asio::ip::address> reached_;  // of hosts that have had several
    std::size_t idle_ = 0;
    bool stopped_ = false;
    std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace hermes::http
