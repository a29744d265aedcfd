// The HTTP surface of the adapter: which request goes where, and from whom.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "ingress/callback_endpoint.hpp"
#include "ingress/refusal_log.hpp"
#include "policy/source_address.hpp"

namespace hermes::wecom {

// From whom callbacks are taken, and where.
struct IngressRules {
    std::string path;                   // of the callback URL
    std::vector<Cidr> allowed_sources;  // for callbacks; /health and /metrics are not asked
    std::vector<Cidr> trusted_proxies;
};

struct IngressOptions {
    http::HttpServerOptions server;
    IngressRules rules{};
    bool metrics = true;
    base::SteadyClock steady_clock = base::steady_clock();
    CallbackEndpoint::AnswersAtOnce answers_at_once{};
    Door door{};
    Trace* trace = nullptr;  // null: nobody wants to know; outlives the ingress
    // What is degraded while messages are taken, a sentence each that anyone may read. May be
    // empty.
    std::function<std::vector<std::string>()> warnings{};
};

class Ingress {
public:
    // All references outlive this object.
    Ingress(IngressOptions options, const CurrentApps& apps, durable::Store& store,
            base::Clock clock, base::Log log, http::Metrics& metrics);

    void start() { server_.start(); }  // throws std::runtime_error
    // After `apps` has changed, and with these rules from now on: requests that have been read are
    // answered by the old ones.  [any]
    void configure(IngressRules rules);
    // As HttpServer::renew_tls.
    void renew_tls(const std::string& certificate, const std::string& private_key) {
        server_.renew_tls(certificate, private_key);
    }
    std::uint16_t port() const noexcept { return server_.port(); }
    void pass_round(const std::shared_ptr<void>& held) { server_.pass_round(held); }
    void stop(std::chrono::steady_clock::time_point deadline) noexcept { server_.stop(deadline); }

private:
    void handle(const http::HttpRequest& request, http::Responder respond);
    void handle_callback(const http::HttpRequest& request, const IngressRules& rules,
                         http::Responder respond);

    const IngressOptions options_;
    base::Guarded<std::shared_ptr<const IngressRules>> rules_;
    durable::Store& store_;
    http::Metrics& metrics_;
    RefusalLog refusals_;
    CallbackEndpoint callbacks_;
    http::HttpServer server_;  // last: its threads use all of the above
};

}  // namespace hermes::wecom
