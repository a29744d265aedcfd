// A host and a table for the hand-over's decisions, both in memory.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "durable/inbox/turns.hpp"

namespace hermes::durable {

using Seqs = std::vector<std::int64_t>;

inline const std::string hr = "ww1:1000002";
inline const std::string sales = "ww2:1000002";

struct Row {
    std::string account = hr;
    std::string chat = "a";
    int attempts = 0;
    bool urgent = false;
    bool has_files = false;
};

// Carries out what is to be done: the table is a map, of the rows that are pending.
class Played {
public:
    explicit Played(TurnLimits limits = {}, Shards own = Shards::all())
        : turns(limits, own), last_attempts_(limits.last_attempts) {}

    // Events 1 .. `count` in a chat each, that have been begun so often.
    Played(int count, int attempts, TurnLimits limits = {}) : Played(limits) {
        for (std::int64_t seq = 1; seq <= count; ++seq) {
            rows[seq] = {.chat = "user" + std::to_string(seq), .attempts = attempts};
        }
    }

    void start() {
        turns.start({hr});
        run();
    }
    // Until there is nothing to do; Seqs: what was handed over on the way.
    Seqs run() {
        const auto before = handed.size();
        while (carry_out(turns.next(now))) {
        }
        return {handed.begin() + static_cast<std::ptrdiff_t>(before), handed.end()};
    }
    Seqs after(std::chrono::milliseconds time) {
        now += time;
        return run();
    }
    // A new event is committed.
    Seqs commit(std::int64_t seq, const Row& row = {}) {
        rows[seq] = row;
        NewEvent event;
        event.account = row.account;
        event.chat = row.chat;
        event.payload = "new";
        event.urgent = row.urgent;
        event.has_files = row.has_files;
        turns.committed(seq, std::move(event));
        return run();
    }
    // The files of one that waits for them are there.
    Seqs ready(std::int64_t seq) {
        turns.ready(std::move(made_ready.at(seq)), now);
        return run();
    }
    Charge begin(std::int64_t seq) {
        const auto charge = turns.begin(seq);
        run();
        return charge;
    }
    // The host has finished with it, and its row says so.
    Seqs settle(std::int64_t seq) {
        turns.settle(seq);
        rows.erase(seq);
        turns.settled(seq);
        return run();
    }

    Turns turns;
    std::map<std::int64_t, Row> rows;
    base::SteadyTime now{};
    bool writes = true;                  // charges become durable
    std::optional<std::string> failing;  // what can't be read: "last", "page", "event"

    Seqs handed;
    std::vector<StoredEvent> events;
    std::map<std::int64_t, StoredEvent> made_ready;  // what was to be made ready
    std::vector<std::string> unknown;
    std::vector<std::pair<std::int64_t, int>> charges;
    std::vector<TakeChargeBack> taken_back;
    std::vector<DeadEvent> aside;
    std::string reads;  // l, p, e: in the order in which they were asked for
    Wait wait;

private:
    bool carry_out(Step step) {
        return std::visit([this](auto& one) { return play(one); }, step);
    }
    bool play(HandOver& one) {
        handed.push_back(one.event.seq);
        events.push_back(std::move(one.event));
        return true;
    }
    bool play(MakeReady& one) {
        const auto seq = one.event.seq;
        CHECK(made_ready.emplace(seq, std::move(one.event)).second);
        return true;
    }
    bool play(const TellUnknown& one) {
        unknown.push_back(one.account);
        return true;
    }
    bool can_read(const std::string& what) {
        reads += what.front();
        if (failing == what) {
            turns.not_read(now);
            return false;
        }
        return true;
    }
    bool play(const ReadLastAttempts& one) {
        CHECK(one.limit == last_attempts_);
        if (can_read("last")) {
            Seqs last;
            for (const auto& [seq, row] : rows) {
                if (row.attempts == event_attempts_max - 1 &&
                    one.own.contain(shard_of(row.account, row.chat))) {
                    last.push_back(seq);
                }
            }
            turns.last_attempts_read(last);
        }
        return true;
    }
    bool play(const ReadPage& one) {
        if (can_read("page")) {
            std::vector<PendingEvent> page;
            for (auto row = rows.upper_bound(one.after);
                 row != rows.end() && page.size() < static_cast<std::size_t>(one.limit); ++row) {
                if (one.own.contain(shard_of(row->second.account, row->second.chat))) {
                    page.push_back(pending(*row));
                }
            }
            turns.page_read(page);
        }
        return true;
    }
    bool play(const ReadStored& one) {
        if (can_read("stored")) {
            std::vector<StoredEvent> found;
            for (const auto& row : rows) {
                if (std::ranges::count(one.seqs, row.first) > 0) {
                    found.push_back(stored(row, "told"));
                }
            }
            turns.stored_read(std::move(found));
        }
        return true;
    }
    static PendingEvent pending(const std::pair<const std::int64_t, Row>& row) {
        return {row.first, row.second.account, row.second.chat, row.second.attempts,
                row.second.urgent};
    }
    static StoredEvent stored(const std::pair<const std::int64_t, Row>& row, const char* payload) {
        StoredEvent event;
        event.seq = row.first;
        event.account = row.second.account;
        event.chat = row.second.chat;
        event.payload = payload;
        event.attempt = row.second.attempts + 1;
        event.has_files = row.second.has_files;
        event.urgent = row.second.urgent;
        return event;
    }
    bool play(const ReadEvent& one) {
        if (can_read("event")) {
            const auto row = rows.find(one.seq);
            turns.event_read(row == rows.end() ? std::nullopt : std::optional(stored(*row, "read")),
                             now);
        }
        return true;
    }
    bool play(const WriteCharge& one) {
        charges.emplace_back(one.seq, one.attempt);
        if (writes) {
            rows[one.seq].attempts = one.attempt;
            turns.charged(one.seq, Charge::durable);
        }
        return true;
    }
    bool play(const TakeChargeBack& one) {
        rows[one.seq].attempts = one.attempt - 1;
        taken_back.push_back(one);
        return true;
    }
    bool play(const SetAside& one) {
        aside.push_back(one.event);
        return true;
    }
    bool play(const Wait& one) {
        wait = one;
        return false;
    }

    int last_attempts_;
};

}  // namespace hermes::durable
