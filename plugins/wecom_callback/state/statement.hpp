// Running a prepared statement to its end. Only for the .cpp files of this folder.
//
// SQLite keeps a statement that has returned a row open, and with it its snapshot of the file (so
// that the write-ahead log can't be reused) or its part of the transaction (so that it can't be
// committed), until it is asked for the row after the last.
#pragma once

#include <soci/soci.h>

namespace hermes::wecom {

// For statements that return at most one row, into what they are bound to.
inline bool has_row(soci::statement& statement) {
    if (!statement.execute(true)) {
        return false;
    }
    while (statement.fetch()) {
    }
    return true;
}

template <typename Use>
void for_each_row(soci::statement& statement, Use use) {
    for (bool row = statement.execute(true); row; row = statement.fetch()) {
        use();
    }
}

}  // namespace hermes::wecom
