#include "http/name_lookup.hpp"

#include <resolv.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/provide_thread.hpp"

namespace hermes::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Names that nobody answers for, for seconds, leave threads to the others. They are started as they
// are needed.
constexpr std::size_t threads_max = 12;

// Seconds for one question to one name server, and how often it is asked: 4 s instead of 10 s.
constexpr int question_seconds = 2;
constexpr int questions_max = 2;

// glibc keeps these for each thread, and lets a program change them. Before each lookup:
// /etc/resolv.conf may be another by now. What glibc would do for that by itself undoes the change.
void limit_this_threads_resolver() {
    if (::res_init() == 0) {
        _res.retrans = question_seconds;
        _res.retry = questions_max;
        _res.options |= RES_NORELOAD;
    }
}

NameLookup::Found look_up(const std::string& host, std::uint16_t port) {
    limit_this_threads_resolver();
    asio::io_context unused;  // a synchronous lookup needs one only to exist
    tcp::resolver resolver(unused);
    NameLookup::Found found;
    for (const auto& entry : resolver.resolve(host, std::to_string(port), found.first)) {
        found.second.push_back(entry.endpoint());
    }
    return found;
}

const NameLookup::Found aborted{asio::error::operation_aborted, {}};

}  // namespace

void alternate(std::vector<tcp::endpoint>& endpoints) {
    if (endpoints.empty()) {
        return;
    }
    const bool first_is_v6 = endpoints.front().address().is_v6();
    const auto end = std::ranges::stable_partition(endpoints, [&](const tcp::endpoint& endpoint) {
                         return endpoint.address().is_v6() == first_is_v6;
                     }).begin();
    const NameLookup::Endpoints others(end, endpoints.end());
    endpoints.erase(end, endpoints.end());
    for (std::size_t i = 0; i < others.size(); ++i) {
        const auto place = std::min(2 * i + 1, endpoints.size());
        endpoints.insert(endpoints.begin() + static_cast<std::ptrdiff_t>(place), others[i]);
    }
}

NameLookup::~NameLookup() {
    stop();
}

Awaitable<NameLookup::Found> NameLookup::find(std::string host, std::uint16_t port,
                                              IoExecutor executor) {
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<IoExecutor>, void(Found)>(
        [&](auto waiter) {
            ask({host, port}, [waiter = std::move(waiter), executor](const Found& found) mutable {
                asio::post(executor, [waiter = std::move(waiter), found]() mutable {
                    waiter(std::move(found));
                });
            });
        },
        asio::use_awaitable_t<IoExecutor>());
}

void NameLookup::ask(Name name, Waiter waiter) {
    Found failed = aborted;
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = waiting_.find(name); known != waiting_.end()) {
            known->second.push_back(std::move(waiter));
            return;
        }
        if (!stopped_) {
            if (idle_ > queue_.size() ||
                base::provide_thread(threads_, threads_max, [this] { work(); })) {
                waiting_[name].push_back(std::move(waiter));
                queue_.push_back(std::move(name));
                changed_.notify_one();
                return;
            }
            failed.first = make_error_code(boost::system::errc::resource_unavailable_try_again);
        }
    }
    waiter(failed);
}

void NameLookup::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
        --idle_;
        if (stopped_) {
            return;
        }
        const auto name = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        auto found = look_up(name.host, name.port);
        lock.lock();
        order(name, found.second);
        const auto waiting = waiting_.extract(name);
        lock.unlock();
        if (waiting) {
            for (auto& waiter : waiting.mapped()) {
                waiter(found);
            }
        }
        lock.lock();
    }
}

void NameLookup::order(const Name& name, Endpoints& endpoints) const {
    alternate(endpoints);
    const auto known = reached_.find(name.host);
    if (known != reached_.end()) {
        std::ranges::stable_partition(endpoints, [&](const tcp::endpoint& endpoint) {
            return endpoint.address() == known->second;
        });
    }
}

void NameLookup::reached(const std::string& host, const asio::ip::address& address) {
    const std::lock_guard lock(mutex_);
    reached_[host] = address;
}

void NameLookup::stop() noexcept {
    std::map<Name, std::vector<Waiter>> waiting;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        waiting.swap(waiting_);
        queue_.clear();
    }
    changed_.notify_all();
    for (auto& [name, waiters] : waiting) {
        for (auto& waiter : waiters) {
            waiter(aborted);
        }
    }
}

}  // namespace hermes::http
