// Writes as one transaction; if one of them is to blame for a failure, without that one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "durable/database/state_failure.hpp"
#include "durable/database/write.hpp"

namespace hermes::durable {

// A persistent write that the database refuses for its own sake is tried this often, then told.
inline constexpr int refusals_max = 3;

struct BatchOutcome {
    // The database can't write at all now; the connection is closed.
    std::optional<StateFailure> failure;
    // By position, where a fate is known in spite of a failure or a refusal: success, or refused.
    // Empty: all are written, or with a failure none.
    std::vector<std::optional<boost::system::error_code>> fates;
};

BatchOutcome write_batch(Database& database, std::span<const std::unique_ptr<Write>> writes);

}  // namespace hermes::durable
