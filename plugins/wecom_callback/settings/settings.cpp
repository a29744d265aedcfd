#include "settings/settings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "durable/database/location.hpp"
#include "durable/database/state_error.hpp"
#include "settings/app_settings.hpp"

namespace hermes::wecom {

namespace {

std::string join(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += (text.empty() ? "" : "; ") + line;
    }
    return text;
}

std::vector<Cidr> read_cidrs(const Section& section, const char* key) {
    std::vector<Cidr> networks;
    for (const auto& text : section.values.list(key)) {
        if (const auto network = Cidr::parse(text)) {
            networks.push_back(*network);
        } else {
            section.problem(
                key, "holds `" + text + "`, which is no address or network such as 10.0.0.0/8");
        }
    }
    return networks;
}

void read_server(const Section& top, Settings& settings) {
    settings.host = top.values.text("host");
    if (const auto address = settings.host.substr(0, settings.host.find('%'));  // fe80::1%eth0
        address.find('/') != std::string::npos || !Cidr::parse(address)) {
        top.problem("host", "must be an IP address of this machine, or 0.0.0.0 or :: for all");
    }
    settings.port = static_cast<std::uint16_t>(top.values.integer("port"));
    settings.path = top.values.text("path");
    const bool is_plain = std::ranges::all_of(settings.path, [](char c) {
        constexpr std::string_view never = "%?#";  // in what comes, which is encoded
        return c > ' ' && c <= '~' && never.find(c) == never.npos;
    });
    if (!settings.path.starts_with('/') || settings.path == "/health" ||
        settings.path == "/metrics" || !is_plain) {
        top.problem("path",
                    "must be a path such as /wecom/callback, in ASCII and without %, not /health "
                    "or /metrics");
    }
    settings.threads = static_cast<std::size_t>(top.values.integer("threads"));
    settings.body_bytes_max = static_cast<std::size_t>(top.values.integer("max_body_bytes"));
    settings.tls_certificate = top.values.text("tls_certificate");
    settings.tls_private_key = top.values.text("tls_private_key");
    if (settings.tls_certificate.empty() != settings.tls_private_key.empty()) {
        top.problem(settings.tls_certificate.empty() ? "tls_certificate" : "tls_private_key",
                    "is missing: tls_certificate and tls_private_key go together");
    }
    settings.allowed_sources = read_cidrs(top, "allowed_source_cidrs");
    settings.trusted_proxies = read_cidrs(top, "trusted_proxies");
}

// Where it is, only the store asks; whether it can be one is known before anything is opened.
base::Secret read_state(const Section& top) {
    auto state = top.values.text("state");
    try {
        durable::parse_location(state, {}, platform_name);
    } catch (const durable::StoreOpenError& error) {
        top.problems.emplace_back(error.what());
    }
    return base::Secret(std::move(state));
}

}  // namespace

SettingsError::SettingsError(std::vector<std::string> problems)
    : std::runtime_error(join(problems)), problems_(std::move(problems)) {}

Settings parse_settings(const PlatformSettings& given) {
    std::vector<std::string> problems;
    const Section top{given, "", problems};
    Settings settings;

    read_apps(given, top, settings);
    read_server(top, settings);
    settings.api_ca_file = given.text("api_ca_file");
    settings.state = read_state(top);
    settings.delivery_deadline = given.duration("delivery_deadline");
    settings.requests_under_way = static_cast<std::size_t>(given.integer("requests_under_way"));
    settings.parts_max = static_cast<std::size_t>(given.integer("parts_max"));
    settings.part_numbers =
        given.flag("part_numbers") ? text::PartNumbers::shown : text::PartNumbers::none;
    settings.metrics = given.flag("metrics");
    settings.media_dir = given.text("media_dir");
    settings.media_wait = given.duration("media_wait");
    settings.media_bytes_max = static_cast<std::uint64_t>(given.integer("media_bytes_max"));
    settings.media_keep = given.duration("media_keep");

    if (!problems.empty()) {
        // A default that several apps inherit would otherwise be reported once for each.
        std::vector<std::string> distinct;
        for (auto& problem : problems) {
            if (std::find(distinct.begin(), distinct.end(), problem) == distinct.end()) {
                distinct.push_back(std::move(problem));
            }
        }
        throw SettingsError(std::move(distinct));
    }
    return settings;
}

}  // namespace hermes::wecom
