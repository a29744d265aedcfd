// A gateway's settings of wecom_callback as the world that the simulator plays. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "config/config_node.hpp"
#include "hermes/settings.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

struct GatewayAddress {
    std::string host;  // to connect to: a loopback address where the gateway listens on all
    std::uint16_t port = 0;
    std::string path;
    std::string scheme;  // http, or https if the gateway has a certificate
    std::string tls_certificate;
};

// From what the plugin is given (AdapterContext::settings). Throws UsageError for what can't be
// simulated: a fixed API address or a proxy, which would carry calls to the real WeCom or to
// somebody else, or a port that nobody knows beforehand.
GatewayAddress gateway_address(const PlatformSettings& settings);

// The apps, their corps, and as members those whom the settings allow by name.
World world_of_settings(const PlatformSettings& settings, const GatewayAddress& address);

// What people see instead of ids, from a file like
//
//   corps:   [{id: ww1, name: "Red Lantern"}]
//   members: [{corp: ww1, user: zhangsan, name: "张三"}]     # added if they are not there
//
// Corps that the world does not have are ignored. Throws UsageError for anything else.
void add_names(World& world, const ConfigNode& names);

// A few members for each corp that has none.
void add_sample_members(World& world);

}  // namespace hermes::host::simulator
