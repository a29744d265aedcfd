#include "ingress/ingress.hpp"

#include <utility>

#include "ingress/status_endpoint.hpp"
#include "protocol/callback_query.hpp"

namespace hermes::wecom {

using http::Responder;

Ingress::Ingress(IngressOptions options, AppsSnapshot apps, durable::Store& store,
                 base::Clock clock, base::Log log, http::Metrics& metrics)
    : options_(std::move(options)),
      store_(store),
      metrics_(metrics),
      refusals_(clock, log),
      callbacks_(std::move(apps), options_.answers_at_once, options_.door, store, std::move(clock),
                 refusals_, std::move(log), options_.trace, metrics),
      server_(options_.server, [this](const http::HttpRequest& request, Responder respond) {
          handle(request, std::move(respond));
      }) {}

void Ingress::handle(const http::HttpRequest& request, Responder respond) {
    const auto path = target_path(request.target());
    if (path == options_.path) {
        handle_callback(request, std::move(respond));
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

void Ingress::handle_callback(const http::HttpRequest& request, Responder respond) {
    const auto address = client_address(request.remote_address(), request.header("X-Forwarded-For"),
                                        options_.trusted_proxies);
    if (!source_allowed(address, options_.allowed_sources)) {
        refusals_.foreign_source(address);
        respond({.status = 403, .body = "forbidden\n"});
        return;
    }
    callbacks_.handle(request, address, std::move(respond));
}

}  // namespace hermes::wecom
