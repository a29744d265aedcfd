// Two corps and three apps as the simulator plays them, and the gateway's files that fit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "simulator/wecom/wecom.hpp"
#include "support/gateway_process.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

// hr and it in ww1, sales in ww2; alice, bob and member0 .. member59 in both. Department 2 has
// alice and bob, tag 3 bob.
host::simulator::World three_apps_world();

// A folder with config.yaml for the real host stub and the real plugin.
class GatewayFiles {
public:
    // `extra`: lines for platforms.wecom_callback.extra, `top`: lines for the top level; both as
    // YAML without indentation.
    GatewayFiles(const host::simulator::World& world, const std::string& api_base,
                 const std::string& extra = {}, const std::string& top = {});

    // Writes the configuration anew, with the apps as they are in that world.
    void write(const host::simulator::World& world, const std::string& extra = {},
               const std::string& top = {});

    std::filesystem::path config() const { return directory_.path() / "config.yaml"; }
    std::filesystem::path directory() const { return directory_.path(); }
    std::uint16_t port() const noexcept { return port_; }
    std::string callback_url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/wecom/callback";
    }
    std::string log() const;  // what gateways have written so far
    // `hermes-host-stub state words...`
    Finished state(std::vector<std::string> words) const;

private:
    TempDirectory directory_;
    std::uint16_t port_;
    std::string api_base_;
};

}  // namespace hermes::test
