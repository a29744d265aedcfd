#include "http/name_lookup.hpp"

#include <resolv.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hermes::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Seconds for one question to one name server, and how often it is asked: 4 s instead of 10 s.
constexpr int question_seconds = 2;
constexpr int questions_max = 2;

// glibc keeps these for each thread, and lets a program change them. Before each lookup: once they
// are changed, glibc no longer looks whether /etc/resolv.conf is another by now.
void limit_this_threads_resolver() {
    if (::res_init() == 0) {
        _res.retrans = question_seconds;
        _res.retry = questions_max;
    }
}

NameLookup::Found look_up(const std::string& host, std::uint16_t port) {
    limit_this_threads_resolver();
    asio::io_context unused;  // a synchronous lookup needs one only to exist
    tcp::resolver resolver(unused);
    NameLookup::Found found;
    found.second = resolver.resolve(host, std::to_string(port), found.first);
    return found;
}

}  // namespace

Awaitable<NameLookup::Found> NameLookup::find(std::string host, std::uint16_t port,
                                              IoExecutor executor) {
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<IoExecutor>, void(Found)>(
        [&](auto waiter) {
            asio::post(threads_, [waiter = std::move(waiter), host, port, executor]() mutable {
                Found found = look_up(host, port);
                asio::post(executor,
                           [waiter = std::move(waiter), found = std::move(found)]() mutable {
                               waiter(std::move(found));
                           });
            });
        },
        asio::use_awaitable_t<IoExecutor>());
}

}  // namespace hermes::http
