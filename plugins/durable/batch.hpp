// Writes as one transaction; if one of them is to blame for a failure, without that one.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "durable/group_commit.hpp"
#include "durable/state_failure.hpp"

namespace hermes::durable {

struct BatchOutcome {
    // The database can't write at all now; the connection is closed.
    std::optional<StateFailure> failure;
    // By position, where a fate is known in spite of a failure or a refusal: success, or refused.
    // Empty: all are written, or with a failure none.
    std::vector<std::optional<boost::system::error_code>> fates;
};

BatchOutcome write_batch(Database& database, std::span<Write> writes);

}  // namespace hermes::durable
