// What SOCI needs from a plugin that uses it.
#pragma once

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

// The socket of a connection to PostgreSQL, -1 if it can't be found out. SOCI's backend, and libpq
// with it, is loaded at run time: there is nothing to link with.
int postgresql_socket(soci::session& session) noexcept;

}  // namespace hermes::durable
