#include "durable/store/version_1.hpp"

#include <soci/soci.h>

#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/preview.hpp"
#include "durable/database/schema.hpp"
#include "durable/database/statement.hpp"
#include "durable/outbox/outbox_rows.hpp"

namespace hermes::durable {
namespace {

// In version 1 an account was a name, of whatever characters; since then it is `corp:agent`. The
// migration has put a slash before each name: no identity begins with one.
struct Name {
    std::string account;  // with its slash
    std::string corp;     // with its colon: how its chats begin
    std::string chat;     // one of them
    friend bool operator<(const Name& a, const Name& b) {
        return std::tie(a.account, a.corp) < std::tie(b.account, b.corp);
    }
};

std::set<Name> names_in(soci::session& sql, const std::string& table) {
    std::set<Name> names;
    Name name;
    soci::statement read = (sql.prepare << "select distinct account, chat from " << table
                                        << " where account like '/%'",
                            soci::into(name.account), soci::into(name.chat));
    for_each_row(read, [&] {
        name.corp = name.chat.substr(0, name.chat.find(':') + 1);
        names.insert(name);
    });
    return names;
}

struct Text {
    std::int64_t seq = 0;
    std::string chat, format, text;
};

// Of what may still be sent: pending parts and dead letters.
void rewrite_texts(Database& database, const std::string& account, const Version1& version_1) {
    auto& sql = database.session();
    std::vector<Text> texts;
    Text text;
    soci::statement read =
        (sql.prepare << "select seq, chat, format, payload from outbox"
                        " where account = :account and format <> '' and state <> 1 order by seq",
         soci::use(account), soci::into(text.seq), soci::into(text.chat), soci::into(text.format),
         soci::into(text.text));
    for_each_row(read, [&] { texts.push_back(text); });
    const auto now_run_ms = read_running_ms(database);
    for (const auto& one : texts) {
        const auto payload = version_1.request(account, one.chat, one.format, one.text);
        put_payload(database, {one.seq, account, one.chat, payload, preview_of(one.text)},
                    now_run_ms);
    }
}

void adopt(Database& database, const std::string& table, const Version1& version_1) {
    auto& sql = database.session();
    bool is_adopted = false;
    for (const auto& name : names_in(sql, table)) {
        const auto account = version_1.account(name.account.substr(1), name.chat);
        if (!account) {
            continue;
        }
        sql << "update " << table << " set account = :account where account = :name"
            << " and substr(chat, 1, " << name.corp.size() << ") = :corp",
            soci::use(*account), soci::use(name.account), soci::use(name.corp);
        is_adopted = true;
        if (table == "outbox") {
            rewrite_texts(database, *account, version_1);
        }
    }
    if (is_adopted && table != "routes") {
        place_in_shards(database, table);
    }
}

}  // namespace

void adopt_version_1(Database& database, const Version1& version_1) {
    if (!version_1.account) {
        return;
    }
    try {
        database.begin();
        for (const auto* table : {"inbox", "outbox", "routes"}) {
            adopt(database, table, version_1);
        }
        database.commit();
    } catch (const std::exception& error) {
        const auto failure = database.diagnose(error);
        database.rollback();
        throw StoreOpenError(explain_open_failure(database.location(), failure));
    }
}

}  // namespace hermes::durable
