#include "ingress_options.hpp"

#include <chrono>

namespace hermes::wecom {

namespace {

// A callback that is not committed by then is answered 503, before WeCom gives up on it (5 s).
constexpr std::chrono::milliseconds answer_timeout{4'000};

}  // namespace

std::vector<CallbackApp> callback_apps(const Settings& settings) {
    std::vector<CallbackApp> apps;
    for (const auto& app : settings.apps) {
        apps.push_back(app.callback);
    }
    return apps;
}

IngressOptions ingress_options(const Settings& settings) {
    IngressOptions options;
    options.server.host = settings.host;
    options.server.port = settings.port;
    options.server.threads = settings.threads;
    options.server.body_bytes_max = settings.body_bytes_max;
    options.server.tls_certificate = settings.tls_certificate;
    options.server.tls_private_key = settings.tls_private_key;
    options.server.answer_timeout = answer_timeout;
    options.path = settings.path;
    options.allowed_sources = settings.allowed_sources;
    options.trusted_proxies = settings.trusted_proxies;
    options.metrics = settings.metrics;
    return options;
}

}  // namespace hermes::wecom
