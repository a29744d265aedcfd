// The gateways on a PostgreSQL as an operator sees them (hermes.cluster/1).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "hermes/ext/cluster.hpp"

namespace hermes::durable {

class Database;

class ClusterLook {
public:
    // The gateway's connection and folder, in the words of StoreOptions. Throws NoStateYet, or
    // StoreOpenError. No other function does, but std::runtime_error itself.
    ClusterLook(const std::string& connection, const std::string& data_directory,
                const std::string& platform);
    ~ClusterLook();

    ClusterView view();
    bool drain(std::int64_t number, bool is_drained);

private:
    std::unique_ptr<Database> database_;
};

}  // namespace hermes::durable
