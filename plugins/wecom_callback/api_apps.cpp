#include "api_apps.hpp"

namespace hermes::wecom {

std::vector<ApiApp> api_apps(const Settings& settings) {
    std::vector<ApiApp> apps;
    for (const auto& app : settings.apps) {
        apps.push_back({.name = app.callback.name,
                        .corp = app.callback.corp,
                        .agent = app.callback.agent,
                        .corp_secret = app.corp_secret,
                        .api_base = app.api_base,
                        .proxy = app.proxy});
    }
    return apps;
}

http::HttpClientOptions wecom_client_options(const Settings& settings) {
    http::HttpClientOptions options;
    options.ca_file = settings.api_ca_file;
    options.ca_setting = "api_ca_file";
    return options;
}

}  // namespace hermes::wecom
