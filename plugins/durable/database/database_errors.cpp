// Database::diagnose: what an exception of the database library means.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cerrno>
#include <system_error>

#include "durable/database/database.hpp"

namespace hermes::durable {
namespace {

// sqlite.org/rescode.html; the low byte is the primary code. Which errno it was tells a quota from
// a broken disk.
StateFailure from_sqlite(int result, int system_error, const std::string& words) {
    const auto system_words = [&] {
        return system_error == 0 ? words : std::generic_category().message(system_error);
    };
    switch (result & 0xff) {
        case SQLITE_FULL:
            return {StateError::full, {}};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {StateError::locked, {}};
        case SQLITE_CORRUPT:
            return {StateError::corrupt, "its content is damaged"};
        case SQLITE_NOTADB:
            return {StateError::corrupt, "file is not a database"};
        case SQLITE_IOERR:
            if (system_error == ENOSPC || system_error == EDQUOT) {
                return {StateError::full, {}};
            }
            return {StateError::io, system_words()};
        case SQLITE_CANTOPEN:
            return {StateError::io, system_words()};
        case SQLITE_READONLY:
            return {StateError::io, "it is read-only"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_NOMEM:
        case SQLITE_PROTOCOL:
            return {StateError::io, words};
        default:
            return {StateError::refused, words};
    }
}

// SOCI's backend is loaded at run time, so its exception class is out of reach: what is left is
// SOCI's own classification, and whether the connection still stands.
StateFailure from_postgresql(const soci::soci_error& error, bool connected) {
    const auto words = error.get_error_message();
    if (!connected || error.get_error_category() == soci::soci_error::connection_error) {
        return {StateError::unreachable, {}};
    }
    if (words.find("No space left on device") != std::string::npos) {
        return {StateError::full, {}};  // SQLSTATE 53100
    }
    if (words.find("due to lock timeout") != std::string::npos) {
        return {StateError::locked, {}};  // 55P03: a table is being rewritten, say
    }
    if (error.get_error_category() == soci::soci_error::system_error) {
        return {StateError::io, words};
    }
    return {StateError::refused, words};
}

std::string one_line(std::string text) {
    for (auto& c : text) {
        if (c == '\n') {
            c = ' ';
        }
    }
    while (!text.empty() && text.back() == ' ') {
        text.pop_back();
    }
    return text;
}

}  // namespace

StateFailure Database::diagnose(const std::exception& error) const {
    if (const auto* own = dynamic_cast<const StateException*>(&error)) {
        return {own->error(), own->what()};
    }
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
        const auto* backend =
            session_ ? static_cast<soci::sqlite3_session_backend*>(session_->get_backend())
                     : nullptr;
        const int system_error =
            backend != nullptr ? sqlite_api::sqlite3_system_errno(backend->conn_) : 0;
        return from_sqlite(sqlite->result(), system_error, one_line(sqlite->get_error_message()));
    }
    if (const auto* soci_error = dynamic_cast<const soci::soci_error*>(&error)) {
        auto failure = from_postgresql(*soci_error, session_ && session_->is_connected());
        failure.detail = one_line(std::move(failure.detail));
        return failure;
    }
    return {StateError::refused, one_line(error.what())};
}

}  // namespace hermes::durable
