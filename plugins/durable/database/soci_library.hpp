// What SOCI needs from a plugin that uses it, and what it does not have.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace soci {
class session;
}

namespace hermes::durable {

// Keeps SOCI's core in memory until the process ends. Call before a backend is loaded by name.
//
// The core unloads such backends from the destructor of a global, up to 4.0.3 (SOCI #1373). Once
// the plugin is unloaded the backend holds the last reference to the core, so the core would unmap
// its own code while it runs.
void keep_soci_loaded() noexcept;

// Connects to PostgreSQL, and can be told not to wait any longer. libpq keeps a limit of its own
// only until the server has let it in; for the questions that SOCI asks then it would wait for ever
// when nothing passes any more, on a socket that nobody else knows.
class PostgresqlConnector {
public:
    // `farewell`: for an attempt that is given up, to come to its end.
    explicit PostgresqlConnector(
        std::chrono::milliseconds farewell = std::chrono::milliseconds(500))
        : farewell_(farewell) {}

    // Throws what SOCI throws, and StateException(unreachable) once it was given up or has taken
    // `patience`, and the farewell was in vain. What still waits for the server then ends by
    // itself, or with the process.
    std::unique_ptr<soci::session> connect(const std::string& parameters,
                                           std::chrono::milliseconds patience);
    // The connect() that is under way, if there is one, returns soon.  [any]
    void give_up() noexcept;

private:
    struct Attempt;

    std::chrono::milliseconds farewell_;
    std::mutex mutex_;
    std::shared_ptr<Attempt> attempt_;  // under mutex_
};

// Whether libpq can take `parameters` apart. Where it can't, its complaint quotes a piece of them,
// which may be one of the password. True while it is not loaded.
bool understood_by_libpq(const std::string& parameters) noexcept;

// A connection to PostgreSQL as libpq sees it. SOCI's backend, and libpq with it, is loaded at run
// time: there is nothing to link with.
class PostgresqlConnection {
public:
    // The session outlives this.
    explicit PostgresqlConnection(soci::session& session);
    PostgresqlConnection(const PostgresqlConnection&) = delete;
    PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;
    ~PostgresqlConnection();

    // -1 if it can't be found out.
    int socket() const noexcept;
    // The server process at its other end; 0 if it can't be found out.
    int server_process() const noexcept;
    // What sessions have notified, as far as it has arrived, with blanks between; empty if nothing
    // has. Throws std::runtime_error once the connection is gone.
    std::string take_notifications() const;

private:
    struct Functions;

    soci::session& session_;
    void* libpq_;
    std::unique_ptr<const Functions> functions_;  // null: they can't be found
};

}  // namespace hermes::durable
