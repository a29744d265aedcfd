#include "durable/event_batch.hpp"

#include <soci/soci.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "durable/database.hpp"
#include "durable/postgresql_array.hpp"
#include "durable/shards.hpp"
#include "durable/statement.hpp"

namespace hermes::durable {
namespace {

// The order of an array's elements is that of the rows, and so of their numbers.
class EventBatch {
public:
    explicit EventBatch(soci::session& sql)
        : statement_(
              (sql.prepare << "insert into inbox(received_at_ms, received_run_ms, duplicate_key,"
                              " account, chat, payload, urgent, has_files, shard)"
                              " select :at, :run, u.* from unnest(cast(:keys as text[]),"
                              " cast(:accounts as text[]), cast(:chats as text[]),"
                              " cast(:payloads as text[]), cast(:urgent as integer[]),"
                              " cast(:has_files as integer[]), cast(:shards as integer[])) as u"
                              " on conflict (duplicate_key) do nothing"
                              " returning seq, duplicate_key",
               soci::use(now_.at_ms), soci::use(now_.run_ms), soci::use(keys_.text()),
               soci::use(accounts_.text()), soci::use(chats_.text()), soci::use(payloads_.text()),
               soci::use(urgent_.text()), soci::use(has_files_.text()), soci::use(shards_.text()),
               soci::into(seq_), soci::into(key_))) {}

    void add(const Database& database, const NewEvent& event) {
        if (rollbacks_ != database.rollbacks() || next_ == gathered_.size()) {
            clear();
            rollbacks_ = database.rollbacks();
        }
        gathered_.push_back({event.duplicate_key, {}});
        keys_.add(event.duplicate_key);
        accounts_.add(event.account);
        chats_.add(event.chat);
        payloads_.add(event.payload);
        urgent_.add(event.urgent ? 1 : 0);
        has_files_.add(event.has_files ? 1 : 0);
        shards_.add(shard_of(event.account, event.chat));
    }

    std::optional<Inserted> take(const Database& database, const NewEvent& event, RowTime now) {
        if (rollbacks_ != database.rollbacks() || next_ == gathered_.size() ||
            gathered_[next_].first != event.duplicate_key) {
            return std::nullopt;
        }
        if (next_ == 0) {
            insert(now);
        }
        return gathered_[next_++].second;
    }

private:
    void insert(RowTime now) {
        now_ = now;
        std::unordered_map<std::string, std::int64_t> inserted;
        for_each_row(statement_, [&] { inserted.emplace(key_, seq_); });
        for (auto& [key, outcome] : gathered_) {
            if (const auto found = inserted.extract(key)) {  // the first of equal ones
                outcome.seq = found.mapped();
            }
        }
    }

    void clear() {
        gathered_.clear();
        next_ = 0;
        for (auto* array :
             {&keys_, &accounts_, &chats_, &payloads_, &urgent_, &has_files_, &shards_}) {
            array->clear();
        }
    }

    RowTime now_;
    PostgresqlArray keys_, accounts_, chats_, payloads_, urgent_, has_files_, shards_;
    long long seq_ = 0;
    std::string key_;
    soci::statement statement_;
    std::uint64_t rollbacks_ = 0;  // of the database when these were gathered
    std::vector<std::pair<std::string, Inserted>> gathered_;  // by their keys
    std::size_t next_ = 0;                                    // to be taken
};

bool is_on_server(const Database& database) noexcept {
    return database.location().dialect == Dialect::postgresql;
}

}  // namespace

void gather_event(Database& database, const NewEvent& event) {
    if (is_on_server(database)) {
        database.prepared<EventBatch>().add(database, event);
    }
}

std::optional<Inserted> take_gathered(Database& database, const NewEvent& event, RowTime now) {
    return is_on_server(database) ? database.prepared<EventBatch>().take(database, event, now)
                                  : std::nullopt;
}

}  // namespace hermes::durable
