#include "integration/state/store_rig.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <future>

#include "support/postgres_server.hpp"

namespace hermes::test {

using namespace std::chrono_literals;

wecom::StoreOptions Place::options(wecom::StoreRole role) const {
    wecom::StoreOptions options;
    options.connection = connection();
    options.data_directory = data_directory();
    options.role = role;
    options.clock = clock.clock();
    options.steady_clock = clock.steady_clock();
    options.alone_time = std::chrono::milliseconds{20};
    return options;
}

std::unique_ptr<wecom::Store> Place::open(wecom::StoreRole role) const {
    return std::make_unique<wecom::Store>(options(role));
}

std::unique_ptr<wecom::Database> Place::raw() const {
    return std::make_unique<wecom::Database>(wecom::parse_location(connection(), data_directory()));
}

PostgresPlace::PostgresPlace(PostgresServer& server) : url_(server.create_database()) {}

void on_each_database(const std::function<void(Place&)>& test) {
    {
        SqlitePlace place;
        CAPTURE(place.name());
        test(place);
    }
    if (auto* server = PostgresServer::instance()) {
        PostgresPlace place(*server);
        CAPTURE(place.name());
        test(place);
    }
}

std::string refusal(const wecom::StoreOptions& options) {
    try {
        wecom::Store store(options);
        return "it opened";
    } catch (const wecom::StoreOpenError& error) {
        return error.what();
    }
}

wecom::NewEvent event(const std::string& key, const std::string& user, const std::string& account) {
    wecom::NewEvent event;
    event.duplicate_key = "ww1:1000002:" + key;
    event.account = account;
    event.chat = "ww1:" + user;
    event.folded_chat = "ww1:" + user;
    event.xml = "<xml><Content>" + key + "</Content></xml>";
    return event;
}

wecom::NewMessage message(const std::string& text, const std::string& user,
                          const std::string& account) {
    wecom::NewMessage message;
    message.account = account;
    message.chat = "ww1:" + user;
    message.parts = {text};
    message.lifetime = std::chrono::hours{24};
    return message;
}

wecom::Result<wecom::Accepted> accept(wecom::Store& store, wecom::NewEvent event) {
    std::promise<wecom::Result<wecom::Accepted>> outcome;
    store.inbox().accept(std::move(event),
                         [&](wecom::Result<wecom::Accepted> result) { outcome.set_value(result); });
    return outcome.get_future().get();
}

wecom::Result<std::vector<wecom::PendingPart>> enqueue(wecom::Store& store,
                                                       wecom::NewMessage message) {
    std::promise<wecom::Result<std::vector<wecom::PendingPart>>> outcome;
    store.outbox().enqueue(std::move(message),
                           [&](wecom::Result<std::vector<wecom::PendingPart>> result) {
                               outcome.set_value(std::move(result));
                           });
    return outcome.get_future().get();
}

boost::system::error_code delivered(wecom::Store& store, std::int64_t seq,
                                    const std::string& msgid) {
    std::promise<boost::system::error_code> outcome;
    store.outbox().record_delivered(
        seq, msgid, [&](boost::system::error_code error) { outcome.set_value(error); });
    return outcome.get_future().get();
}

boost::system::error_code failed(wecom::Store& store, std::int64_t message,
                                 const std::string& reason) {
    std::promise<boost::system::error_code> outcome;
    store.outbox().record_failed(
        message, 0, reason, [&](boost::system::error_code error) { outcome.set_value(error); });
    return outcome.get_future().get();
}

void flush(wecom::Store& store) {
    failed(store, 0, "no message has this number");
}

void end_without_stop(std::unique_ptr<wecom::Store>& store, Place& place) {
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

}  // namespace hermes::test
