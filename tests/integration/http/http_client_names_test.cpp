// Names as name servers answer for them, or do not. Needs the right to mount, and to a network of
// its own.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "http/http_client.hpp"
#include "http/name_lookup.hpp"
#include "running_server.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpClient;
using hermes::http::HttpClientReply;
using hermes::http::HttpClientRequest;
using hermes::http::HttpOutcome;

namespace {

// Knows every name, as 127.0.0.1, or by two addresses; says nothing of any, or of those that have
// `silent` in them.
class NameServer {
public:
    enum class Manner { answers, is_silent, is_silent_of_some, knows_two_addresses };

    NameServer(const char* address, Manner manner)
        : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_port = htons(53);
        ::inet_pton(AF_INET, address, &own.sin_addr);
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&own), sizeof own) == 0);
        const timeval look_around{0, 20'000};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &look_around, sizeof look_around);
        manner_ = manner;
        if (manner != Manner::is_silent) {
            thread_ = std::jthread([this](const std::stop_token& ending) {
                while (!ending.stop_requested()) {
                    answer_one();
                }
            });
        }
    }

private:
    // RFC 1035, 4: a question of one name, its type and its class behind a header of 12 bytes.
    void answer_one() const {
        std::string message(512, '\0');
        sockaddr_in asker{};
        socklen_t size = sizeof asker;
        auto* const generic = reinterpret_cast<sockaddr*>(&asker);
        const auto length =
            ::recvfrom(socket_.get(), message.data(), message.size(), 0, generic, &size);
        const auto name_end = message.find('\0', 12);
        if (length < 17 || name_end == std::string::npos ||
            (manner_ == Manner::is_silent_of_some && message.find("silent") != message.npos)) {
            return;
        }
        const bool wants_ip_4 = message[name_end + 2] == 1;
        message.resize(name_end + 5);
        message.replace(2, 10, std::string("\x81\x80\0\1\0\0\0\0\0\0", 10));
        if (wants_ip_4) {
            const bool two = manner_ == Manner::knows_two_addresses;
            message[7] = two ? 2 : 1;
            for (const std::string& last :
                 two ? std::vector<std::string>{"\x0a", "\1"} : std::vector<std::string>{"\1"}) {
                message += std::string("\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0", 15) + last;
            }
        }
        ::sendto(socket_.get(), message.data(), message.size(), 0, generic, size);
    }

    hermes::base::UniqueFd socket_;
    Manner manner_{};
    std::jthread thread_;
};

// Lets nobody in who knocks at that port: what comes is dropped, as by a route that leads nowhere.
class SwallowingAddress {
public:
    SwallowingAddress(const char* address, std::uint16_t port) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_port = htons(port);
        ::inet_pton(AF_INET, address, &own.sin_addr);
        const auto* generic = reinterpret_cast<const sockaddr*>(&own);
        listener_ = hermes::base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::bind(listener_.get(), generic, sizeof own) == 0);
        REQUIRE(::listen(listener_.get(), 0) == 0);
        for (auto& waiting : queue_) {  // the place in it, and those who wait for one
            waiting = hermes::base::UniqueFd(
                ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            ::connect(waiting.get(), generic, sizeof own);
        }
    }

private:
    hermes::base::UniqueFd listener_;
    std::array<hermes::base::UniqueFd, 3> queue_;
};

// For the thread that calls this, and those that it starts: a loopback of its own, and for
// /etc/resolv.conf that file.
bool set_apart(const std::string& resolv_conf) {
    if (::unshare(CLONE_NEWNS | CLONE_NEWNET) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(resolv_conf.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0) {
        return false;
    }
    const hermes::base::UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq loopback{};
    std::string_view("lo").copy(loopback.ifr_name, sizeof loopback.ifr_name - 1);
    loopback.ifr_flags = IFF_UP;
    return ::ioctl(any.get(), SIOCSIFFLAGS, &loopback) == 0;
}

void with_own_resolv_conf(const std::function<void(const std::string& file)>& test) {
    const TempDirectory directory;
    const auto file = (directory.path() / "resolv.conf").string();
    std::ofstream(file) << '\n';
    std::async(std::launch::async, [&] {
        if (set_apart(file)) {
            test(file);
        } else {
            MESSAGE("mounting is not allowed here: not tested with other name servers");
        }
    }).get();
}

void name_server_is(const std::string& file, const std::string& address) {
    std::ofstream(file) << "nameserver " << address << '\n';
}

HttpClientReply fetch_from(HttpClient& client, const std::string& host, std::uint16_t port) {
    HttpClientRequest request;
    request.url = "http://" + host + ":" + std::to_string(port) + "/";
    request.timeout = 20s;
    return client.fetch(request);
}

constexpr const char* one_address = "127.0.0.2";
constexpr const char* other_address = "127.0.0.3";

}  // namespace

TEST_SUITE("support/http_client names") {
    TEST_CASE("a name for which nobody answers was not sent, which is known within seconds") {
        with_own_resolv_conf([](const std::string& file) {
            const NameServer silent(one_address, NameServer::Manner::is_silent);
            name_server_is(file, one_address);
            HttpClient client;
            const auto start = std::chrono::steady_clock::now();
            const auto reply = fetch_from(client, "silent.test.", 80);
            CHECK(std::chrono::steady_clock::now() - start < 8s);
            CHECK(reply.outcome == HttpOutcome::not_sent);
            CHECK(reply.problem ==
                  "resolve silent.test.: host not found (non-authoritative), try again later");
        });
    }

    TEST_CASE("a name for which nobody answers holds up no other, nor the end") {
        with_own_resolv_conf([](const std::string& file) {
            const NameServer names(one_address, NameServer::Manner::is_silent_of_some);
            name_server_is(file, one_address);
            const RunningServer server;
            HttpClient client;
            std::atomic<int> told{0};
            for (int i = 0; i < 48; ++i) {
                HttpClientRequest request;
                request.url = "http://silent" + std::to_string(i % 6) + ".test.:80/";
                client.send(request, [&](const HttpClientReply&) { ++told; });
            }
            const auto start = std::chrono::steady_clock::now();
            CHECK(fetch_from(client, "other.test.", server.port()).outcome == HttpOutcome::replied);
            client.stop();
            CHECK(std::chrono::steady_clock::now() - start < 2s);
            CHECK(told == 48);
        });
    }

    TEST_CASE("an address that leads nowhere is tried once, and then the one that was reached") {
        with_own_resolv_conf([](const std::string& file) {
            const NameServer names(one_address, NameServer::Manner::knows_two_addresses);
            name_server_is(file, one_address);
            hermes::http::HttpServerOptions there;
            there.host = "127.0.0.10";
            const RunningServer server(describe, there), other(describe, there);
            const SwallowingAddress nowhere("127.0.0.1", server.port());
            const SwallowingAddress nowhere_either("127.0.0.1", other.port());
            HttpClient client;
            CHECK(fetch_from(client, "two.test.", server.port()).outcome == HttpOutcome::replied);
            const auto start = std::chrono::steady_clock::now();
            CHECK(fetch_from(client, "two.test.", other.port()).outcome == HttpOutcome::replied);
            CHECK(std::chrono::steady_clock::now() - start < 2s);
        });
    }

    TEST_CASE("addresses of both kinds are tried in turn") {
        const auto in_turn = [](const std::vector<std::string>& addresses) {
            std::vector<boost::asio::ip::tcp::endpoint> endpoints;
            for (const auto& address : addresses) {
                endpoints.emplace_back(boost::asio::ip::make_address(address), 80);
            }
            hermes::http::alternate(endpoints);
            std::string order;
            for (const auto& endpoint : endpoints) {
                order += endpoint.address().to_string() + ' ';
            }
            return order;
        };
        CHECK(in_turn({}) == "");
        CHECK(in_turn({"::1", "::2", "::3", "1.0.0.1"}) == "::1 1.0.0.1 ::2 ::3 ");
        CHECK(in_turn({"1.0.0.1", "::1", "::2", "::3"}) == "1.0.0.1 ::1 ::2 ::3 ");
        CHECK(in_turn({"::1", "1.0.0.1", "1.0.0.2", "1.0.0.3"}) == "::1 1.0.0.1 1.0.0.2 1.0.0.3 ");
        CHECK(in_turn({"::1", "::2", "1.0.0.1", "1.0.0.2"}) == "::1 1.0.0.1 ::2 1.0.0.2 ");
    }

    TEST_CASE("who is asked for names may change while the client lives") {
        with_own_resolv_conf([](const std::string& file) {
            const RunningServer server;
            HttpClient client;
            for (const auto* address : {one_address, other_address}) {
                CAPTURE(std::string(address));
                const NameServer names(address, NameServer::Manner::answers);
                name_server_is(file, address);
                for (int n = 0; n < 24; ++n) {  // more than the client has threads for it
                    const auto host = "n" + std::to_string(n) + '.' + address + ".test.";
                    const auto reply = fetch_from(client, host, server.port());
                    CHECK(reply.outcome == HttpOutcome::replied);
                    CHECK(reply.problem == "");
                }
            }
        });
    }
}
