// What several writes of one transaction ask of a database server in one statement, and what came
// of each. Only for the .cpp files of this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database.hpp"

namespace hermes::durable {

template <typename Key, typename Outcome>
class Gathered {
public:
    using Outcomes = std::unordered_map<Key, Outcome>;

    // True if it is the first in its transaction.
    bool add(const Database& database, Key key) {
        const bool is_first = transaction_ != database.transaction();
        if (is_first) {
            transaction_ = database.transaction();
            entries_.clear();
            next_ = 0;
            has_run_ = false;
        }
        entries_.push_back({std::move(key)});
        return is_first;
    }

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

}  // namespace hermes::durable
