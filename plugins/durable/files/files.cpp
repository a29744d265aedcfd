#include "durable/files/files.hpp"

#include <utility>

#include "durable/database/group_commit.hpp"
#include "durable/database/random_id.hpp"
#include "durable/database/reads.hpp"
#include "durable/database/row_time.hpp"
#include "durable/files/file_rows.hpp"

namespace hermes::durable {

Files::Files(GroupCommit& writer, Reads& reads, const RowClock& clock)
    : writer_(writer), reads_(reads), clock_(clock), next_id_(first_id()) {}

void Files::write(std::int64_t file, int number, std::string chunk, Done done) {
    writer_.submit(make_write(
        Persistence::persistent,
        // The time of the commit: a disk may have been full for longer than what is nobody's is
        // kept.
        [this, file, number, chunk = std::move(chunk)](Database& database) {
            insert_chunk(database, file, number, chunk, clock_.running().now_ms());
        },
        std::move(done)));
}

void Files::read(std::int64_t file, int number, Loaded then) {
    reads_.read([file, number](Database& database) { return read_chunk(database, file, number); },
                std::move(then));
}

}  // namespace hermes::durable
