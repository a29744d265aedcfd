#include "durable/database/meta.hpp"

#include <soci/soci.h>

#include <exception>
#include <string>

#include "durable/database/database.hpp"

namespace hermes::durable {
namespace {

std::int64_t read(Database& database, const std::string& key) {
    std::int64_t value = 0;
    database.session() << "select value from meta where key = :key", soci::use(key),
        soci::into(value);
    return value;
}

void write(Database& database, const std::string& key, std::int64_t value) {
    database.session() << "update meta set value = :value where key = :key", soci::use(value),
        soci::use(key);
}

void add_one(Database& database, const std::string& key) {
    database.session() << "update meta set value = value + 1 where key = :key", soci::use(key);
}

}  // namespace

void announce_outside_change(Database& database) {
    add_one(database, "outside_changes");
}

std::int64_t count_outside_changes(Database& database) {
    return read(database, "outside_changes");
}

void ask_visitor_to_leave(Database& database) {
    try {
        database.begin();
        add_one(database, "gateway_wanted");
        database.commit();
    } catch (const std::exception&) {  // a state of another version: that visitor can't be asked
        database.rollback();
    }
}

std::int64_t count_gateways_wanted(Database& database) {
    return read(database, "gateway_wanted");
}

std::int64_t start_run(Database& database) {
    add_one(database, "run");
    return read(database, "run");
}

std::int64_t read_present_run(Database& database) {
    return database.gateway_runs() ? read(database, "run") : -1;
}

std::int64_t read_running_ms(Database& database) {
    return read(database, "running_ms");
}

// Where gateways share the row, whoever finds it locked leaves it to the other: a gateway that is
// stopped with its hand on it must not stop all of them.
void keep_running_ms(Database& database, std::int64_t running_ms) {
    const bool is_shared = database.location().dialect == Dialect::postgresql;
    database.session() << "update meta set value = :value where key = (select key from meta"
                          " where key = 'running_ms' and value < :value"
                       << (is_shared ? " for update skip locked)" : ")"),
        soci::use(running_ms, "value");
}

void write_probe(Database& database, std::int64_t number) {
    write(database, "probe", number);
}

}  // namespace hermes::durable
