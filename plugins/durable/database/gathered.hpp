// What several writes of one transaction ask of a database server in one statement, and what came
// of each. Only for the .cpp files of durable.
#pragma once

#include <soci/soci.h>

#include <array>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database/database.hpp"
#include "durable/database/postgresql_array.hpp"
#include "durable/database/statement.hpp"

namespace hermes::durable {

template <typename Key, typename Outcome>
class Gathered {
public:
    using Outcomes = std::unordered_map<Key, Outcome>;

    // Before each add(). True if the transaction is another one: what was gathered is forgotten.
    bool begin(const Database& database) {
        if (transaction_ == database.transaction()) {
            return false;
        }
        transaction_ = database.transaction();
        entries_.clear();
        next_ = 0;
        has_run_ = false;
        return true;
    }

    void add(Key key) { entries_.push_back({std::move(key)}); }

    // The outcome of the first of that key that was not asked for; nothing if there is none in this
    // transaction. `run` executes the statement, at the first call, and returns the outcomes of
    // those that have one: of equal keys the first does.
    template <typename Run>
    std::optional<Outcome> take(const Database& database, const Key& key, Run run) {
        if (transaction_ != database.transaction()) {
            return std::nullopt;
        }
        auto at = next_;
        while (at < entries_.size() && (entries_[at].is_taken || entries_[at].key != key)) {
            ++at;
        }
        if (at == entries_.size()) {
            return std::nullopt;
        }
        if (!std::exchange(has_run_, true)) {
            spread(run());
        }
        entries_[at].is_taken = true;
        next_ += at == next_ ? 1 : 0;
        return std::move(entries_[at].outcome);
    }

private:
    struct Entry {
        Key key;
        Outcome outcome{};
        bool is_taken = false;
    };

    void spread(Outcomes outcomes) {
        for (auto& entry : entries_) {
            if (auto found = outcomes.extract(entry.key)) {
                entry.outcome = std::move(found.mapped());
            }
        }
    }

    std::uint64_t transaction_ = 0;  // none has that number
    std::vector<Entry> entries_;
    std::size_t next_ = 0;  // those before it are taken
    bool has_run_ = false;
};

// A statement for what is gathered: one array a column, a row for each key.
template <typename Key, typename Outcome, std::size_t columns>
class Batch {
public:
    // The statement takes the arrays in the order of the values that add() is given.
    template <typename... Results>
    Batch(soci::session& sql, const std::string& text, Results&... results) : statement_(sql) {
        statement_.alloc();
        for (const auto& array : arrays_) {
            statement_.exchange(soci::use(array.text()));
        }
        (statement_.exchange(soci::into(results)), ...);
        statement_.prepare(text);
        statement_.define_and_bind();
    }

    // As Gathered::begin.
    bool begin(const Database& database) {
        if (!gathered_.begin(database)) {
            return false;
        }
        for (auto& array : arrays_) {
            array.clear();
        }
        return true;
    }

    template <typename... Values>
    void add(const Database& database, Key key, const Values&... values) {
        static_assert(sizeof...(Values) == columns);
        begin(database);
        gathered_.add(std::move(key));
        auto array = arrays_.begin();
        ((array++)->add(values), ...);
    }

    // As Gathered::take. `outcome`: a key and its outcome, of the row that was returned last.
    template <typename OutcomeOfRow>
    std::optional<Outcome> take(const Database& database, const Key& key, OutcomeOfRow outcome) {
        return gathered_.take(database, key, [&] {
            typename Gathered<Key, Outcome>::Outcomes outcomes;
            for_each_row(statement_, [&] { outcomes.insert(outcome()); });
            return outcomes;
        });
    }

private:
    Gathered<Key, Outcome> gathered_;
    std::array<PostgresqlArray, columns> arrays_;
    soci::statement statement_;
};

// Changes rows, and returns the numbers of those that it has found as they must be. The first
// column is their numbers.
template <std::size_t columns>
struct UpdateBatch {
    long long seq = 0;
    Batch<std::int64_t, bool, columns> batch;

    UpdateBatch(soci::session& sql, const std::string& text) : batch(sql, text, seq) {}

    std::optional<bool> take(const Database& database, std::int64_t its_seq) {
        return batch.take(database, its_seq,
                          [this] { return std::pair<const std::int64_t, bool>(seq, true); });
    }
};

inline bool is_on_server(const Database& database) noexcept {
    return database.location().dialect == Dialect::postgresql;
}

template <typename Batch, typename... Values>
void gather(Database& database, const Values&... values) {
    if (is_on_server(database)) {
        database.prepared<Batch>().add(database, values...);
    }
}

template <typename Batch, typename Key>
auto take(Database& database, const Key& key)
    -> decltype(database.prepared<Batch>().take(database, key)) {
    if (!is_on_server(database)) {
        return std::nullopt;
    }
    return database.prepared<Batch>().take(database, key);
}

}  // namespace hermes::durable
