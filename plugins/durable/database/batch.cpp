#include "durable/database/batch.hpp"

#include <soci/soci.h>

#include <numeric>
#include <utility>

#include "durable/database/database.hpp"

namespace hermes::durable {
namespace {

// Undoes the transaction. After anything but a refusal the connection is made anew: what a failed
// fsync has left in the caches can't be trusted.
StateFailure abandon(Database& database, const std::exception& error) {
    auto failure = database.diagnose(error);
    database.rollback();
    if (!is_of_one_write(failure.error) && failure.error != StateError::locked) {
        database.close();
    }
    return failure;
}

std::optional<StateFailure> write_together(Database& database,
                                           std::span<const std::unique_ptr<Write>> writes) {
    try {
        database.begin();
        if (writes.size() > 1) {
            for (const auto& write : writes) {
                write->gather(database);
            }
        }
        for (const auto& write : writes) {
            write->apply(database);
        }
        database.commit();
        return std::nullopt;
    } catch (const std::exception& error) {
        return abandon(database, error);
    }
}

// One transaction in which a write can fail alone. The probe comes first: where it fails, no write
// is to blame.
class SeparateWrites {
public:
    SeparateWrites(Database& database, std::span<const std::unique_ptr<Write>> writes)
        : database_(database), writes_(writes), fates_(writes.size()), todo_(writes.size()) {
        std::iota(todo_.begin(), todo_.end(), std::size_t{0});
    }

    BatchOutcome write() {
        BatchOutcome outcome;
        for (int n = 1; n <= refusals_max && !todo_.empty() && !outcome.failure; ++n) {
            try {
                write_once();
            } catch (const std::exception& error) {
                outcome.failure = abandon(database_, error);
            }
        }
        outcome.fates = std::move(fates_);
        return outcome;
    }

private:
    void write_once() {
        auto fates = fates_;
        std::vector<std::size_t> again;
        begin();
        for (const auto position : todo_) {
            const auto error = write_one(*writes_[position]);
            fates[position] = error;
            if (error && writes_[position]->persistence == Persistence::persistent) {
                again.push_back(position);
            }
        }
        database_.commit();
        fates_ = std::move(fates);
        todo_ = std::move(again);
    }

    // What is refused here is refused to all of them.
    void begin() {
        try {
            database_.begin();
            database_.probe();
        } catch (const std::exception& error) {
            const auto failure = database_.diagnose(error);
            throw StateException(of_the_database(failure.error), failure.detail);
        }
    }

    boost::system::error_code write_one(Write& write) {
        auto& sql = database_.session();
        sql << "savepoint one_write";
        try {
            write.apply(database_);
            sql << "release savepoint one_write";
            return {};
        } catch (const std::exception& error) {
            const auto failure = database_.diagnose(error);
            if (!is_of_one_write(failure.error)) {
                throw;
            }
            sql << "rollback to savepoint one_write";
            return failure.error;
        }
    }

    Database& database_;
    std::span<const std::unique_ptr<Write>> writes_;
    std::vector<std::optional<boost::system::error_code>> fates_;
    std::vector<std::size_t> todo_;
};

}  // namespace

BatchOutcome write_batch(Database& database, std::span<const std::unique_ptr<Write>> writes) {
    BatchOutcome outcome;
    outcome.failure = write_together(database, writes);
    if (!outcome.failure || !is_of_one_write(outcome.failure->error)) {
        return outcome;
    }
    return SeparateWrites(database, writes).write();
}

}  // namespace hermes::durable
