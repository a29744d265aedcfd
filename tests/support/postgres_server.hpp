// A private PostgreSQL server in a temporary directory, for as long as the test program runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/process.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

class PostgresServer {
public:
    // Starts it at the first call. Throws where PostgreSQL 15 is not installed.
    static PostgresServer& instance();
    // One with an empty database of that name that waits for a primary that is nowhere.
    static std::unique_ptr<PostgresServer> standby(const std::string& database);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    std::string create_database();  // an empty one; its url
    std::uint16_t port() const noexcept { return port_; }
    // `postgresql://hermes:secret@localhost:port/database`.
    std::string url(const std::string& database) const;
    std::string admin_url() const;  // for SOCI
    pid_t pid() const noexcept { return server_.pid(); }
    void end_sessions();  // all of them, as if the network had
    void stop();
    void start();

private:
    PostgresServer();
    void make_cluster();

    TempDirectory directory_;
    std::uint16_t port_ = 0;
    int databases_ = 0;
    base::Process server_;
};

}  // namespace hermes::test
