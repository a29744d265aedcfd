#include "state/outside_changes.hpp"

#include <soci/soci.h>

#include "state/database.hpp"

namespace hermes::wecom {

void announce_outside_change(Database& database) {
    database.session() << "update meta set value = value + 1 where key = 'outside_changes'";
}

std::int64_t count_outside_changes(Database& database) {
    std::int64_t count = 0;
    database.session() << "select value from meta where key = 'outside_changes'", soci::into(count);
    return count;
}

}  // namespace hermes::wecom
