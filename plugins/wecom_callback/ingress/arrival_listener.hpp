// Listens where the gateway would, and tells what each request was, until every app has been
// verified (policy/arrival.hpp judges).
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "hermes/ext/arrivals.hpp"
#include "http/http_server.hpp"
#include "policy/apps.hpp"
#include "policy/arrival.hpp"
#include "policy/source_address.hpp"

namespace hermes::wecom {

struct ArrivalListenerOptions {
    http::HttpServerOptions server{};
    std::string path{};
    std::vector<Cidr> allowed_sources{};
    std::vector<Cidr> trusted_proxies{};
    std::chrono::milliseconds patience = verification_patience;
    std::chrono::seconds quiet{60};  // so long without any request is worth a sentence
    base::Clock clock = base::system_clock();
    base::SteadyClock steady_clock = base::steady_clock();  // of `quiet`
};

class ArrivalListener final : public ArrivalWatch {
public:
    // Listens. Throws std::runtime_error.
    ArrivalListener(ArrivalListenerOptions options, AppsSnapshot apps, ArrivalReport report);
    ~ArrivalListener() override;

    std::uint16_t port() const noexcept { return server_.port(); }

private:
    void handle(const http::HttpRequest& request, http::Responder respond);
    Arrival judge(const http::HttpRequest& request, const std::string& address) const;
    void tell(const std::string& subject, const Arrival& arrival);
    void tell_what_is_waited_for();
    void expect_within_quiet();
    std::string unverified() const;

    const ArrivalListenerOptions options_;
    const AppsSnapshot apps_;
    const ArrivalReport report_;
    // The loop's.
    std::set<std::string> verified_;
    base::EventLoop::TimerId quiet_timer_{};
    base::EventLoop loop_;     // calls the report, and what is above belongs to it
    http::HttpServer server_;  // last: its thread uses all of the above
};

}  // namespace hermes::wecom
