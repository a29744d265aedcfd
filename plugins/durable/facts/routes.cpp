#include "durable/facts/routes.hpp"

#include <soci/soci.h>

#include "durable/database/database.hpp"
#include "durable/database/postgresql_array.hpp"
#include "durable/database/reader.hpp"
#include "durable/database/statement.hpp"
#include "durable/facts/route_cache.hpp"

namespace hermes::durable {
namespace {

struct UpsertRoute {
    std::string chat, account;
    std::int64_t now_ms = 0;
    soci::statement statement;

    explicit UpsertRoute(soci::session& sql)
        : statement((sql.prepare << "insert into routes(chat, account, heard_at_ms)"
                                    " values (:chat, :account, :now) on conflict (chat) do update"
                                    " set account = excluded.account,"
                                    " heard_at_ms = excluded.heard_at_ms"
                                    " where routes.account <> excluded.account",
                     soci::use(chat), soci::use(account), soci::use(now_ms))) {}
};

struct ReadRoute {
    std::string chat, account;
    soci::statement statement;

    explicit ReadRoute(soci::session& sql)
        : statement((sql.prepare << "select account from routes where chat = :chat",
                     soci::use(chat), soci::into(account))) {}
};

// Of many chats. A statement for each would be a way to the server for each.
struct ReadRoutes {
    PostgresqlArray chats;
    std::string chat, account;
    soci::statement statement;

    explicit ReadRoutes(soci::session& sql)
        : statement((sql.prepare << "select chat, account from routes"
                                    " where chat = any(cast(:chats as text[]))",
                     soci::use(chats.text()), soci::into(chat), soci::into(account))) {}
};

}  // namespace

void RouteCache::remember(Database& database, const std::string& folded_chat,
                          const std::string& account, std::int64_t now_ms) {
    if (rollbacks_ != database.rollbacks() || accounts_.size() >= cached_routes_max) {
        accounts_.clear();
        heard_.clear();
        rollbacks_ = database.rollbacks();
    }
    if (database.location().dialect == Dialect::postgresql) {
        if (heard_.empty()) {
            database.before_commit([this](Database& writer) { write_heard(writer); });
        }
        heard_[folded_chat] = {account, now_ms};
        return;
    }
    const auto known = accounts_.find(folded_chat);
    if (known != accounts_.end() && known->second == account) {
        return;
    }
    upsert(database, folded_chat, account, now_ms);
    accounts_[folded_chat] = account;
}

// Looked at first: an upsert locks its row although it changes nothing, and what is cached here
// another gateway may have changed.
void RouteCache::write_heard(Database& database) {
    auto& read = database.prepared<ReadRoutes>();
    read.chats.clear();
    for (const auto& [chat, heard] : heard_) {
        read.chats.add(chat);
    }
    for_each_row(read.statement, [&] {
        const auto heard = heard_.find(read.chat);
        if (heard != heard_.end() && heard->second.account == read.account) {
            heard_.erase(heard);
        }
    });
    for (const auto& [chat, heard] : heard_) {
        upsert(database, chat, heard.account, heard.at_ms);
    }
    heard_.clear();
}

void RouteCache::upsert(Database& database, const std::string& folded_chat,
                        const std::string& account, std::int64_t now_ms) {
    auto& upsert = database.prepared<UpsertRoute>();
    upsert.chat = folded_chat;
    upsert.account = account;
    upsert.now_ms = now_ms;
    upsert.statement.execute(true);
}

base::Result<std::optional<std::string>> Routes::last_heard(const std::string& folded_chat) const {
    return reader_.read([&](Database& database) {
        auto& read = database.prepared<ReadRoute>();
        read.chat = folded_chat;
        return has_row(read.statement) ? std::optional(read.account) : std::nullopt;
    });
}

}  // namespace hermes::durable
