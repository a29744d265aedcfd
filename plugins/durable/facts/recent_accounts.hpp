// Which account heard each of the events that were handed over last: whoever answers one is not
// made to wait for a thread or the database. Others, and one that a later event has displaced, are
// in the inbox.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.hpp"

namespace hermes::durable {

class RecentAccounts {
public:
    static constexpr std::size_t most = 4'096;

    void put(std::int64_t seq, const std::string& account) {  // [any]
        entries_.with([&](auto& entries) {
            entries.resize(most);
            entries[place_of(seq)] = {seq, account};
        });
    }

    std::optional<std::string> find(std::int64_t seq) const {  // [any]
        return entries_.with([&](const auto& entries) -> std::optional<std::string> {
            if (entries.empty() || seq <= 0 || entries[place_of(seq)].seq != seq) {
                return std::nullopt;
            }
            return entries[place_of(seq)].account;
        });
    }

private:
    struct Entry {
        std::int64_t seq = 0;  // no event has that number
        std::string account;
    };

    // Their numbers grow, so the oldest is displaced first.
    static std::size_t place_of(std::int64_t seq) { return static_cast<std::size_t>(seq) % most; }

    base::Guarded<std::vector<Entry>> entries_;
};

}  // namespace hermes::durable
