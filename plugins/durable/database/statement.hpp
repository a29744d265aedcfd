// Running a prepared statement to its end. Only for the .cpp files of durable.
//
// SQLite keeps a statement that has returned a row open, and with it its snapshot of the file (so
// that the write-ahead log can't be reused) or its part of the transaction (so that it can't be
// committed), until it is asked for the row after the last.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>

namespace hermes::durable {

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

// The condition that a row's shard is among those of a parameter that is given Shards::bits().
inline std::string in_shards(const std::string& parameter) {
    return "((cast(" + parameter + " as bigint) >> shard) & 1) = 1";
}

// The condition that a gateway which is there has begun with an event. :run is that of the only
// gateway; several on one database are in `gateways`, and -1 says that none is there.
inline constexpr const char* begun_by_a_gateway =
    "(begun_in = :run or (:run >= 0 and begun_in in (select run from gateways)))";

// The condition that a row of the outbox is a part of that message. In these words, since an index
// that leaves zeros out is used for what says that it asks for none.
inline std::string is_part_of(const std::string& message) {
    return "(seq = " + message + " or (message = " + message + " and message > 0))";
}

// Inserts a row into a table with a `seq`, and tells that. PostgreSQL returns it. SQLite could too,
// but sets up a table in memory each time (5 us and 90 KB), where it only has to be asked.
class InsertStatement {
public:
    // `text` is bound by position to values that outlive the statement.
    template <typename... Values>
    InsertStatement(soci::session& sql, const std::string& text, Values&... values)
        : sql_(sql), returns_(sql.get_backend_name() != "sqlite3"), statement_(sql) {
        statement_.alloc();
        (statement_.exchange(soci::use(values)), ...);
        if (returns_) {
            statement_.exchange(soci::into(seq_));
        }
        statement_.prepare(returns_ ? text + " returning seq" : text);
        statement_.define_and_bind();
    }

    // Empty if `on conflict` kept the row out.
    std::optional<std::int64_t> run() {
        if (returns_) {
            return has_row(statement_) ? std::optional<std::int64_t>(seq_) : std::nullopt;
        }
        statement_.execute(true);
        if (statement_.get_affected_rows() == 0 || !sql_.get_last_insert_id("", seq_)) {
            return std::nullopt;
        }
        return seq_;
    }

private:
    soci::session& sql_;
    bool returns_;
    long long seq_ = 0;
    soci::statement statement_;
};

}  // namespace hermes::durable
