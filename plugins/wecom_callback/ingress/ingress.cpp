#include "ingress/ingress.hpp"

#include <utility>

#include "ingress/status_endpoint.hpp"
#include "protocol/callback_query.hpp"

namespace hermes::wecom {

using http::Responder;

Ingress::Ingress(IngressOptions options, const CurrentApps& apps, durable::Store& store,
                 base::Clock clock, base::Log log, http::Metrics& metrics)
    : options_(std::move(options)),
      rules_(std::make_shared<const IngressRules>(options_.rules)),
      store_(store),
      metrics_(metrics),
      refusals_(options_.steady_clock, log),
      callbacks_(apps, options_.answers_at_once, options_.door, store, std::move(clock), refusals_,
                 std::move(log), options_.trace, metrics),
      server_(options_.server, [this](const http::HttpRequest& request, Responder respond) {
          handle(request, std::move(respond));
      }) {}

void Ingress::handle(const http::HttpRequest& request, Responder respond) {
    const auto path = target_path(request.target());
    const auto rules = rules_.with([](const auto& now) { return now; });
    if (path == rules->path) {
        handle_callback(request, *rules, std::move(respond));
    } else if (path == "/health") {
        respond(
            health_response(request.method(), store_.health(),
                            options_.warnings ? options_.warnings() : std::vector<std::string>()));
    } else if (path == "/metrics" && options_.metrics) {
        respond(metrics_response(request.method(), metrics_));
    } else {
        respond({.status = 404, .body = "not found\n"});
    }
}

void Ingress::configure(IngressRules rules) {
    auto changed = std::make_shared<const IngressRules>(std::move(rules));
    rules_.with([&](auto& now) { now.swap(changed); });
    callbacks_.configured();
}

void Ingress::handle_callback(const http::HttpRequest& request, const IngressRules& rules,
                              Responder respond) {
    const auto address = client_address(request.remote_address(), request.header("X-Forwarded-For"),
                                        rules.trusted_proxies);
    if (!source_allowed(address, rules.allowed_sources)) {
        refusals_.foreign_source(address);
        respond({.status = 403, .body = "forbidden\n"});
        return;
    }
    callbacks_.handle(request, address, std::move(respond));
}

}  // namespace hermes::wecom
