// What several writes of one transaction ask of a database server in one statement, and what came
// of each. Only for the .cpp files of this folder.
#pragma once

#include <soci/soci.h>

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database.hpp"
#include "durable/postgresql_array.hpp"
#include "durable/statement.hpp"

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

template <typename... Containers>
void clear_all(Containers&... containers) {
    (containers.clear(), ...);
}

// A batch that changes rows, and returns the numbers of those that it has found as they must be.
struct UpdateBatch {
    Gathered<std::int64_t, bool> gathered;
    PostgresqlArray seqs;
    long long seq = 0;
    soci::statement statement;

    explicit UpdateBatch(soci::session& sql) : statement(sql) {}

    template <typename... Arrays>
    void prepare(const std::string& text, const Arrays&... arrays) {
        statement.alloc();
        (statement.exchange(soci::use(arrays.text())), ...);
        statement.exchange(soci::into(seq));
        statement.prepare(text);
        statement.define_and_bind();
    }

    std::optional<bool> take(const Database& database, std::int64_t its_seq) {
        return gathered.take(database, its_seq, [this] {
            std::unordered_map<std::int64_t, bool> found;
            for_each_row(statement, [&] { found.emplace(seq, true); });
            return found;
        });
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
