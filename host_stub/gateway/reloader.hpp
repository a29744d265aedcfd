// Takes another configuration while the gateway runs, and says in the log what changed.
#pragma once

#include <string>
#include <vector>

#include "agents/replaceable_agent.hpp"
#include "gateway/gateway.hpp"
#include "gateway/in_force.hpp"
#include "loader/setup.hpp"
#include "output/log.hpp"

namespace hermes::host {

class Reloader {
public:
    // All outlive this. `setup` is what `gateway` was started with.  [control]
    Reloader(const Setup& setup, Gateway& gateway, ReplaceableAgent& agent, Log& log);
    ~Reloader() { remove_in_force(setup_.config.data_dir); }
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;

    // Reads the configuration anew. One that is wrong changes nothing; otherwise each platform
    // takes its part whole or not at all, and the agents answer from their next turn on.  [control]
    void reload(const ConfigSource& source);

private:
    KeptPaths reload_platforms(const Setup& next);
    void write_down();
    void say(LogLevel level, const std::string& line);

    const Setup& setup_;
    Gateway& gateway_;
    ReplaceableAgent& agent_;
    Log& log_;
    InForce in_force_;
};

}  // namespace hermes::host
