// The settings in the words of what they configure.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "durable/delivery/delivery.hpp"
#include "http/http_client.hpp"
#include "ingress/arrival_listener.hpp"
#include "ingress/ingress.hpp"
#include "settings/settings.hpp"

namespace hermes::wecom {

// For the log: whose messages wait, by what the store knows of the app.
std::string describe_unknown_app(const std::string& account);

std::vector<durable::Account> accounts_of(const Apps& apps);

durable::DeliveryOptions delivery_options(const Apps& apps, const durable::DeliveryLimits& limits,
                                          base::Log log);

IngressRules ingress_rules(const Settings& settings);
IngressOptions ingress_options(const Settings& settings);

// Where the gateway would listen.
ArrivalListenerOptions arrival_options(const Settings& settings);

// What to trust; the rest is as HttpClient has it.
http::HttpClientOptions client_options(const Settings& settings);

// What a start would say of the files that are named, a sentence each. Nothing of one that this
// user may not look into, or whose name begins at another folder: it is not this process's to use.
std::vector<std::string> file_problems(const Settings& settings);

}  // namespace hermes::wecom
