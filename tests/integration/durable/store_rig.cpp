#include "integration/durable/store_rig.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>

#include "support/postgres_server.hpp"

namespace hermes::test {

using namespace std::chrono_literals;

durable::StoreOptions Place::options(durable::GatewayKind role) const {
    durable::StoreOptions options;
    options.connection = connection();
    options.data_directory = data_directory();
    options.role = role;
    options.clock = clock.clock();
    options.steady_clock = clock.steady_clock();
    options.alone_time = std::chrono::milliseconds{20};
    return options;
}

std::unique_ptr<durable::Store> Place::open(durable::GatewayKind role) const {
    return std::make_unique<durable::Store>(options(role), loop_);
}

std::unique_ptr<durable::Database> Place::raw() const {
    return std::make_unique<durable::Database>(
        durable::parse_location(connection(), data_directory()));
}

soci::session& Place::session() const {
    // A file of SQLite's may be another one by now.
    if (!looking_ || looking_->location().dialect == durable::Dialect::sqlite) {
        looking_ = raw();
    }
    return looking_->session();
}

PostgresPlace::PostgresPlace() : url_(PostgresServer::instance().create_database()) {}

void on_each_database(const std::function<void(Place&)>& test) {
    {
        SqlitePlace place;
        CAPTURE(place.name());
        test(place);
    }
    {
        PostgresPlace place;
        CAPTURE(place.name());
        test(place);
    }
}

std::string refusal(const durable::StoreOptions& options) {
    base::EventLoop loop;
    try {
        durable::Store store(options, loop);
        return "it opened";
    } catch (const durable::StoreOpenError& error) {
        return error.what();
    }
}

std::string chat_of(const std::string& account, const std::string& user) {
    return account.substr(0, account.find(':') + 1) + user;
}

durable::NewEvent event(const std::string& key, const std::string& user,
                        const std::string& account) {
    durable::NewEvent event;
    event.duplicate_key = "ww1:1000002:" + key;
    event.account = account;
    event.chat = chat_of(account, user);
    event.folded_chat = event.chat;
    event.payload = "<xml><Content>" + key + "</Content></xml>";
    return event;
}

durable::NewMessage message(const std::string& text, const std::string& user,
                            const std::string& account) {
    return in_parts({text}, user, account);
}

durable::NewMessage in_parts(std::vector<std::string> texts, const std::string& user,
                             const std::string& account) {
    durable::NewMessage message;
    message.account = account;
    message.chat = chat_of(account, user);
    for (auto& text : texts) {
        message.parts.push_back({std::move(text)});
    }
    message.lifetime = 24h;
    return message;
}

base::Result<durable::Accepted> accept(durable::Store& store, durable::NewEvent event) {
    std::promise<base::Result<durable::Accepted>> outcome;
    store.inbox().accept(std::move(event), [&](base::Result<durable::Accepted> result) {
        outcome.set_value(result);
    });
    return outcome.get_future().get();
}

base::Result<std::vector<durable::PendingPart>> enqueue(durable::Store& store,
                                                        durable::NewMessage message) {
    std::promise<base::Result<std::vector<durable::PendingPart>>> outcome;
    store.outbox().enqueue(std::move(message),
                           [&](base::Result<std::vector<durable::PendingPart>> result) {
                               outcome.set_value(std::move(result));
                           });
    return outcome.get_future().get();
}

boost::system::error_code delivered(durable::Store& store, std::int64_t seq,
                                    const std::string& msgid) {
    std::promise<boost::system::error_code> outcome;
    store.outbox().record_delivered(
        seq, msgid, std::chrono::milliseconds{140},
        [&](boost::system::error_code error) { outcome.set_value(error); });
    return outcome.get_future().get();
}

boost::system::error_code failed(durable::Store& store, std::int64_t message,
                                 const std::string& reason, int code) {
    std::promise<boost::system::error_code> outcome;
    store.outbox().record_failed(
        message, code, reason, durable::LastAttempt{message, std::chrono::milliseconds{60}},
        [&](boost::system::error_code error) { outcome.set_value(error); });
    return outcome.get_future().get();
}

boost::system::error_code lost(durable::Store& store, durable::LostReply reply) {
    std::promise<boost::system::error_code> outcome;
    store.outbox().keep_lost(std::move(reply),
                             [&](boost::system::error_code error) { outcome.set_value(error); });
    return outcome.get_future().get();
}

void flush(durable::Store& store) {
    failed(store, -1, "no message has this number");
}

void run_out(base::EventLoop& loop) {
    loop.reached().wait();
}

void end_without_stop(std::unique_ptr<durable::Store>& store, Place& place) {
    flush(*store);
    const auto charged = place.raw();
    std::vector<std::int64_t> seqs(10'000);
    std::vector<int> attempts(10'000);
    charged->session() << "select seq, attempts from inbox where state = 0", soci::into(seqs),
        soci::into(attempts);
    store.reset();
    for (std::size_t i = 0; i < seqs.size(); ++i) {
        charged->session() << "update inbox set attempts = :attempts where seq = :seq",
            soci::use(attempts[i]), soci::use(seqs[i]);
    }
}

EventRow event_row(const Place& place, std::int64_t seq) {
    EventRow row;
    place.session() << "select state, attempts, account, payload from inbox where seq = :seq",
        soci::use(seq), soci::into(row.state), soci::into(row.attempts), soci::into(row.account),
        soci::into(row.payload);
    return row;
}

int count(const Place& place, const std::string& table, const std::string& condition) {
    int rows = 0;
    place.session() << "select count(*) from " << table << " where " << condition, soci::into(rows);
    return rows;
}

Locked::Locked(const Place& place) : database_(place.raw()) {
    if (database_->location().dialect == durable::Dialect::sqlite) {
        database_->session() << "begin immediate";
    } else {
        database_->session() << "begin";
        database_->session() << "lock table inbox in share row exclusive mode";
    }
}

Locked::~Locked() {
    database_->session() << "rollback";
}

// By rows that are older than any memory.
void wait_for_a_sweep(const Place& place, durable::Store& store) {
    const auto database = place.raw();
    for (const auto* table : {"inbox", "outbox"}) {
        const bool inbox = table == std::string("inbox");
        database->session() << "insert into " << table
                            << (inbox ? "(state, received_at_ms, received_run_ms, finished_run_ms,"
                                        " duplicate_key, account, chat, payload)"
                                        " values (1, 1, -100000000, -100000000, 'old', '', '', '')"
                                      : "(state, message, part, parts, lifetime_ms,"
                                        " deadline_run_ms, created_at_ms, finished_run_ms, account,"
                                        " chat, format, payload)"
                                        " values (1, 0, 1, 1, 0, -100000000, 1, -100000000, 'old',"
                                        " '', '', '')");
    }
    while (count(place, "inbox", "duplicate_key = 'old'") +
               count(place, "outbox", "account = 'old'") >
           0) {
        flush(store);
    }
}

}  // namespace hermes::test
