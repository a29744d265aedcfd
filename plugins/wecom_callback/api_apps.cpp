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

}  // namespace hermes::wecom
