// The settings as calling WeCom needs them.
#pragma once

#include <vector>

#include "api/wecom_api.hpp"
#include "settings.hpp"

namespace hermes::wecom {

std::vector<ApiApp> api_apps(const Settings& settings);

// What to trust; the rest is as HttpClient has it.
http::HttpClientOptions wecom_client_options(const Settings& settings);

}  // namespace hermes::wecom
