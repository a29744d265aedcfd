#include "durable/facts/tokens.hpp"

#include <soci/soci.h>

#include <utility>

#include "durable/database/database.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/reader.hpp"
#include "durable/database/row_time.hpp"
#include "durable/facts/facts.hpp"

namespace hermes::durable {
namespace {

FactKey claim_on(const std::string& account) {
    return {"fetches_token", account, {}};
}

}  // namespace

base::Result<std::optional<StoredToken>> Tokens::load(const std::string& account) const {
    return reader_.read([&](Database& database) {
        auto& sql = database.session();
        std::string access_token;
        std::int64_t expires_at_ms = 0;
        sql << "select access_token, expires_at_ms from tokens where account = :account",
            soci::use(account), soci::into(access_token), soci::into(expires_at_ms);
        std::optional<StoredToken> token;
        if (sql.got_data()) {
            token = StoredToken{.access_token = base::Secret(std::move(access_token)),
                                .expires_at = base::from_unix_ms(expires_at_ms)};
        }
        return token;
    });
}

template <typename Apply>
void Tokens::submit(Apply apply) {
    writer_.submit(make_write(Persistence::persistent, std::move(apply),
                              LogFailure(log_, "what is known of an access token")));
}

void Tokens::save(const std::string& account, const StoredToken& token) {
    submit([account, token](Database& database) {
        const auto expires_at_ms = base::to_unix_ms(token.expires_at);
        database.session() << "insert into tokens(account, access_token, expires_at_ms)"
                              " values (:account, :token, :expires) on conflict (account) do update"
                              " set access_token = excluded.access_token,"
                              " expires_at_ms = excluded.expires_at_ms",
            soci::use(account), soci::use(token.access_token.expose_secret()),
            soci::use(expires_at_ms);
    });
}

void Tokens::erase(const std::string& account, const base::Secret& access_token) {
    submit([account, access_token](Database& database) {
        database.session() << "delete from tokens where account = :account"
                              " and access_token = :token",
            soci::use(account), soci::use(access_token.expose_secret());
    });
}

void Tokens::claim(const std::string& account, Claimed then) {
    const auto until = base::from_unix_ms(clock_.now().at_ms) + claim_life;
    facts_.save_if_absent(claim_on(account), {}, until, std::move(then));
}

void Tokens::release(const std::string& account) {
    facts_.save(claim_on(account), {}, base::WallTime());
}

}  // namespace hermes::durable
