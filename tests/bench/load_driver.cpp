#include "load_driver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace hermes::bench {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

Seconds cpu_time(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return Seconds(static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9);
}

struct Connection {
    int descriptor = -1;
    std::string received;
    std::string_view unsent;
    Clock::time_point begun;
};

// One thread's share of a run.
class Driver {
public:
    Driver(const LoadPlan& plan, std::atomic<std::size_t>& next) : plan_(plan), next_(next) {}
    ~Driver();
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    void connect(std::size_t connections);
    void run();

    LoadResult result;

private:
    void begin_request(Connection& connection);
    void send(Connection& connection);
    void receive(Connection& connection);
    bool complete(Connection& connection);
    void close(Connection& connection);

    const LoadPlan& plan_;
    std::atomic<std::size_t>& next_;
    int epoll_ = -1;
    std::vector<Connection> connections_;
    std::size_t busy_ = 0;
};

Driver::~Driver() {
    for (Connection& connection : connections_) {
        if (connection.descriptor >= 0) {
            ::close(connection.descriptor);
        }
    }
    ::close(epoll_);
}

void Driver::connect(std::size_t connections) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    connections_.resize(connections);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (Connection& connection : connections_) {
        connection.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int on = 1;
        ::setsockopt(connection.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(connection.descriptor, reinterpret_cast<sockaddr*>(&address),
                      sizeof address) != 0) {
            throw std::runtime_error("nobody listens on the port that is to be driven");
        }
        epoll_event interest{};
        interest.events = EPOLLIN;
        interest.data.ptr = &connection;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.descriptor, &interest);
    }
}

void Driver::run() {
    const Seconds cpu_before = cpu_time(CLOCK_THREAD_CPUTIME_ID);
    result.latencies_us.reserve(plan_.requests / plan_.threads + 1);
    busy_ = connections_.size();
    for (Connection& connection : connections_) {
        begin_request(connection);
    }
    std::array<epoll_event, 256> events{};
    while (busy_ > 0) {
        const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
        for (int i = 0; i < count; ++i) {
            auto& connection =
                *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            receive(connection);
        }
    }
    result.driver_cpu = cpu_time(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
}

void Driver::begin_request(Connection& connection) {
    const std::size_t number = next_.fetch_add(1, std::memory_order_relaxed);
    if (number >= plan_.requests) {
        close(connection);
        return;
    }
    connection.begun = Clock::now();
    connection.unsent = plan_.request(number);
    send(connection);
}

// Blocking: a request is shorter than what the kernel takes for a connection that is idle.
void Driver::send(Connection& connection) {
    while (!connection.unsent.empty()) {
        const auto sent = ::send(connection.descriptor, connection.unsent.data(),
                                 connection.unsent.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            ++result.lost;
            close(connection);
            return;
        }
        connection.unsent.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Driver::receive(Connection& connection) {
    std::array<char, 4096> bytes;  // not zeroed: this is the hot path
    const auto count = ::recv(connection.descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count <= 0) {
        ++result.lost;
        close(connection);
        return;
    }
    connection.received.append(bytes.data(), static_cast<std::size_t>(count));
    if (complete(connection)) {
        const auto latency = Clock::now() - connection.begun;
        result.latencies_us.push_back(static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(latency).count()));
        connection.received.clear();
        begin_request(connection);
    }
}

bool Driver::complete(Connection& connection) {
    const std::string_view all = connection.received;
    const auto head_end = all.find("\r\n\r\n");
    if (head_end == std::string_view::npos) {
        return false;
    }
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto field = all.find(name);
    std::size_t length = 0;
    if (field < head_end) {
        std::from_chars(all.data() + field + name.size(), all.data() + head_end, length);
    }
    if (all.size() < head_end + 4 + length) {
        return false;
    }
    ++(all.substr(9, 3) == "200" ? result.answered : result.refused);
    return true;
}

void Driver::close(Connection& connection) {
    ::close(std::exchange(connection.descriptor, -1));
    --busy_;
}

}  // namespace

double LoadResult::per_second() const {
    return static_cast<double>(answered + refused) / elapsed.count();
}

std::uint32_t LoadResult::latency_us(double quantile) const {
    if (latencies_us.empty()) {
        return 0;
    }
    const auto last = static_cast<double>(latencies_us.size() - 1);
    return latencies_us[static_cast<std::size_t>(quantile * last)];
}

double LoadResult::server_cpu_us() const {
    return (process_cpu - driver_cpu).count() * 1e6 / static_cast<double>(answered + refused);
}

LoadResult drive(const LoadPlan& plan) {
    std::atomic<std::size_t> next{0};
    std::vector<std::unique_ptr<Driver>> drivers;
    for (std::size_t i = 0; i < plan.threads; ++i) {
        drivers.push_back(std::make_unique<Driver>(plan, next));
        drivers.back()->connect(plan.connections / plan.threads);
    }
    const auto begun = Clock::now();
    const Seconds cpu_before = cpu_time(CLOCK_PROCESS_CPUTIME_ID);
    std::vector<std::thread> threads;
    for (auto& driver : drivers) {
        threads.emplace_back([&driver = *driver] { driver.run(); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    LoadResult total;
    total.elapsed = Clock::now() - begun;
    total.process_cpu = cpu_time(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
    for (const auto& driver : drivers) {
        const LoadResult& part = driver->result;
        total.answered += part.answered;
        total.refused += part.refused;
        total.lost += part.lost;
        total.driver_cpu += part.driver_cpu;
        total.latencies_us.insert(total.latencies_us.end(), part.latencies_us.begin(),
                                  part.latencies_us.end());
    }
    std::sort(total.latencies_us.begin(), total.latencies_us.end());
    return total;
}

}  // namespace hermes::bench
