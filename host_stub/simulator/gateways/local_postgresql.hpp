// A PostgreSQL server of the simulation's own, for several gateways: its data are in a folder, it
// listens on loopback, and it ends with us.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/process.hpp"

namespace hermes::host::simulator {

class LocalPostgresql {
public:
    // Its data go into `folder`, which is the simulation's, or, of root, beside it: once that
    // folder has been removed, they begin anew. Throws UsageError if this machine has no
    // PostgreSQL.
    explicit LocalPostgresql(const std::filesystem::path& folder);
    ~LocalPostgresql();  // as stop()
    LocalPostgresql(const LocalPostgresql&) = delete;
    LocalPostgresql& operator=(const LocalPostgresql&) = delete;

    // Of its database; the same from the making on. Holds a password.
    std::string url() const;
    // Makes the data if there are none, and returns once it takes connections. Throws
    // std::runtime_error with one line.
    void start();
    void stop() noexcept;  // fast: its sessions end

private:
    void make_data();
    void wait_until_ready();
    base::Process run(std::vector<std::string> command) const;

    std::filesystem::path programs_;
    std::filesystem::path folder_;
    std::string password_;
    std::uint16_t port_;
    base::Process server_;
};

}  // namespace hermes::host::simulator
