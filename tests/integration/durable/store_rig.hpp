// Places where a store can be opened, and the calls of its users as plain functions that wait.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "durable/database/database.hpp"
#include "durable/store/store.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"
#include "support/postgres_server.hpp"
#include "support/small_disk.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

// Identities of apps, as accounts: two apps of a corp, and one of another.
inline const std::string hr = "ww1:1000002";
inline const std::string it = "ww1:1000003";
inline const std::string sales = "ww2:1000002";

// An empty database, of one kind or the other, that survives its stores.
class Place {
public:
    virtual ~Place() = default;
    virtual std::string name() const = 0;
    virtual std::string connection() const = 0;
    virtual std::string data_directory() const = 0;

    durable::StoreOptions options(durable::GatewayKind role = durable::GatewayKind::gateway) const;
    std::unique_ptr<durable::Store> open(
        durable::GatewayKind role = durable::GatewayKind::gateway) const;

    // A connection of the test's own, to look behind the scenes.
    std::unique_ptr<durable::Database> raw() const;
    // The same one for each look at PostgreSQL, where a connection costs more than all else.
    soci::session& session() const;

    // Where its stores live.
    base::EventLoop& loop() const { return loop_; }

    ManualClock clock;

private:
    mutable base::EventLoop loop_;
    mutable std::unique_ptr<durable::Database> looking_;
};

class SqlitePlace final : public Place {
public:
    std::string name() const override { return "SQLite"; }
    std::string connection() const override { return {}; }
    std::string data_directory() const override { return directory_.path().string(); }
    std::string file() const { return data_directory() + "/messages.db"; }

private:
    TempDirectory directory_;
};

class PostgresPlace final : public Place {
public:
    PostgresPlace();
    std::string name() const override { return "PostgreSQL"; }
    std::string connection() const override { return url_; }
    std::string data_directory() const override { return directory_.path().string(); }

private:
    std::string url_;
    TempDirectory directory_;
};

// SQLite on a file system that can be full.
class DiskPlace final : public Place {
public:
    explicit DiskPlace(const SmallDisk& disk) : path_(disk.path()) {}
    std::string name() const override { return "SQLite"; }
    std::string connection() const override { return {}; }
    std::string data_directory() const override { return path_; }

private:
    std::string path_;
};

// Runs the test on SQLite and on a private server of PostgreSQL.
void on_each_database(const std::function<void(Place&)>& test);

// The sentence with which a store is refused; "it opened" if it is not.
std::string refusal(const durable::StoreOptions& options);

// The member of that app's corp.
std::string chat_of(const std::string& account, const std::string& user);

// Events and messages with few words. The duplicate key is made from `key`.
durable::NewEvent event(const std::string& key, const std::string& user = "zhangsan",
                        const std::string& account = hr);
durable::NewMessage message(const std::string& text, const std::string& user = "zhangsan",
                            const std::string& account = hr);
durable::NewMessage in_parts(std::vector<std::string> texts, const std::string& user = "zhangsan",
                             const std::string& account = hr);

// Wait for the commit.
base::Result<durable::Accepted> accept(durable::Store& store, durable::NewEvent event);
base::Result<std::vector<durable::PendingPart>> enqueue(durable::Store& store,
                                                        durable::NewMessage message);
boost::system::error_code delivered(durable::Store& store, std::int64_t seq,
                                    const std::string& msgid = "msgid-1");
boost::system::error_code failed(durable::Store& store, std::int64_t message,
                                 const std::string& reason, int code = 0);
boost::system::error_code lost(durable::Store& store, durable::LostReply reply);
// All that was submitted before is written.
void flush(durable::Store& store);

// All that was posted before has run.
void run_out(base::EventLoop& loop);

// The process dies: nothing is taken back, nothing more is written.
void end_without_stop(std::unique_ptr<durable::Store>& store, Place& place);

// A row of the inbox; state -1 if there is none.
struct EventRow {
    int state = -1;
    int attempts = -1;
    std::string account;
    std::string payload;
};
EventRow event_row(const Place& place, std::int64_t seq);

// How many rows there are, of those for which the condition is true.
int count(const Place& place, const std::string& table, const std::string& condition = "1 = 1");

// The store, which cleans every few milliseconds, has looked through both tables.
void wait_for_a_sweep(const Place& place, durable::Store& store);

// Keeps every write to the inbox out until it is destroyed. Reads go on.
class Locked {
public:
    explicit Locked(const Place& place);
    ~Locked();
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

private:
    std::unique_ptr<durable::Database> database_;
};

// The host's side: takes what is handed over.
class Host {
public:
    explicit Host(durable::Store& store, std::vector<std::string> accounts = {hr, it, sales})
        : store_(store) {
        store.inbox().start(
            std::move(accounts),
            {[inbox = events_](durable::StoredEvent event) { inbox->put(std::move(event)); },
             [unknown = unknown_](const std::string& account) { unknown->put(account); }});
    }
    std::optional<durable::StoredEvent> next() { return events_->take(); }
    // The agent begins with the next one.
    durable::StoredEvent begin_next() {
        auto event = next();
        REQUIRE(event);
        REQUIRE(store_.inbox().begin(event->seq));
        return *std::move(event);
    }
    // Nothing more has come by the time that all else is done.
    bool idle() const { return events_->size() == 0; }
    std::size_t size() const { return events_->size(); }
    std::optional<std::string> next_unknown_account() { return unknown_->take(); }
    std::size_t unknown_accounts() const { return unknown_->size(); }

private:
    durable::Store& store_;
    std::shared_ptr<Mailbox<durable::StoredEvent>> events_ =
        std::make_shared<Mailbox<durable::StoredEvent>>();
    std::shared_ptr<Mailbox<std::string>> unknown_ = std::make_shared<Mailbox<std::string>>();
};

}  // namespace hermes::test
