#include "settings/options.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "protocol/api_json.hpp"

namespace hermes::wecom {

namespace {

// A callback that is not committed by then is answered 503, before WeCom gives up on it (5 s).
constexpr std::chrono::milliseconds answer_timeout{4'000};

http::HttpServerOptions server_options(const Settings& settings) {
    http::HttpServerOptions options;
    options.host = settings.host;
    options.port = settings.port;
    options.threads = settings.threads;
    options.body_bytes_max = settings.body_bytes_max;
    options.tls_certificate = settings.tls_certificate;
    options.tls_private_key = settings.tls_private_key;
    return options;
}

bool can_be_judged(const std::string& file) {
    errno = 0;
    return ::access(file.c_str(), R_OK) == 0 || (errno != EACCES && file.starts_with('/'));
}

}  // namespace

// An identity, or the name that version 1 of the state has left, which begins with a slash.
std::string describe_unknown_app(const std::string& account) {
    return account.starts_with('/')
               ? "an app that was named `" + account.substr(1) +
                     "`: none of that name, or not exactly one of its corp, is configured"
               : "app " + account + " (corp_id:agent_id), which is not configured";
}

std::vector<durable::Account> accounts_of(const Apps& apps) {
    std::vector<durable::Account> accounts;
    for (const auto& app : apps) {
        accounts.push_back({app->account(), "app " + app->name, app->corp.str()});
    }
    return accounts;
}

durable::DeliveryOptions delivery_options(const Apps& apps, const durable::DeliveryLimits& limits,
                                          base::Log log) {
    durable::DeliveryOptions options;
    options.limits = limits;
    options.log = std::move(log);
    options.describe_unknown = describe_unknown_app;
    options.accounts = accounts_of(apps);
    return options;
}

ArrivalListenerOptions arrival_options(const Settings& settings) {
    ArrivalListenerOptions options;
    options.server = server_options(settings);
    options.server.threads = 1;
    options.path = settings.path;
    options.allowed_sources = settings.allowed_sources;
    options.trusted_proxies = settings.trusted_proxies;
    return options;
}

IngressRules ingress_rules(const Settings& settings) {
    return {settings.path, settings.allowed_sources, settings.trusted_proxies};
}

IngressOptions ingress_options(const Settings& settings) {
    IngressOptions options;
    options.server = server_options(settings);
    options.server.answer_timeout = answer_timeout;
    options.rules = ingress_rules(settings);
    options.metrics = settings.metrics;
    return options;
}

http::HttpClientOptions client_options(const Settings& settings) {
    http::HttpClientOptions options;
    options.ca_file = settings.api_ca_file;
    options.ca_setting = "api_ca_file";
    return options;
}

std::vector<std::string> file_problems(const Settings& settings) {
    std::vector<std::string> problems;
    const auto collect = [&problems](auto require, const auto& options) {
        try {
            require(options);
        } catch (const std::runtime_error& problem) {
            problems.emplace_back(problem.what());
        }
    };
    if (can_be_judged(settings.tls_certificate) && can_be_judged(settings.tls_private_key)) {
        collect(http::require_tls_files, server_options(settings));
    }
    if (can_be_judged(settings.api_ca_file)) {
        collect(http::require_ca_file, client_options(settings));
    }
    return problems;
}

}  // namespace hermes::wecom
