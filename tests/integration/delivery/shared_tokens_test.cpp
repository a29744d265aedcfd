// Gateways on one PostgreSQL have one access token of an app.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <string>

#include "api/access_tokens.hpp"
#include "durable/store/store.hpp"
#include "http/http_client.hpp"
#include "integration/delivery/adapter_rig.hpp"
#include "settings/settings.hpp"
#include "support/eventually.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {

namespace {

// As much of a gateway as asks for tokens.
class AskingGateway {
public:
    AskingGateway(const AdapterRig& rig, const std::string& database)
        : app_(rig.settings().apps->find("hr")),
          store_(options(rig, database, directory_.path().string()), loop_),
          tokens_(loop_, reads_, api_, store_.tokens(), rig.clock.clock()) {}
    ~AskingGateway() {
        client_.stop();
        store_.stop();
        reads_.stop();
        loop_.stop();
    }
    AskingGateway(const AskingGateway&) = delete;
    AskingGateway& operator=(const AskingGateway&) = delete;

    void ask() {
        loop_.post([this] {
            tokens_.get(
                app_, wecom::AccessTokens::Asker::delivery,
                [this](const wecom::TokenResult& result) {
                    answers_.put(result.error ? "none" : result.access_token.expose_secret());
                });
        });
        loop_.reached().wait();
    }
    std::string answer() { return answers_.take().value_or("no answer"); }
    std::string token() {
        ask();
        return answer();
    }
    // For its own clock alone.
    void pass(std::chrono::seconds time) { *passed_ += time.count(); }
    void drop(const std::string& token) {
        loop_.post([this, token] { tokens_.drop(*app_, base::Secret(token)); });
    }

private:
    static durable::StoreOptions options(const AdapterRig& rig, const std::string& database,
                                         const std::string& directory) {
        durable::StoreOptions options;
        options.connection = database;
        options.data_directory = directory;
        options.clock = rig.clock.clock();
        return options;
    }

    TempDirectory directory_;
    wecom::AppPtr app_;
    std::shared_ptr<std::atomic<std::int64_t>> passed_ =
        std::make_shared<std::atomic<std::int64_t>>(0);
    base::EventLoop loop_{[passed = passed_] {
        return std::chrono::steady_clock::now() + std::chrono::seconds(*passed);
    }};
    base::EventLoop reads_;
    durable::Store store_;
    http::HttpClient client_{{}};
    wecom::WecomApi api_{client_};
    wecom::AccessTokens tokens_;
    Mailbox<std::string> answers_;
};

}  // namespace

TEST_SUITE("delivery") {
    TEST_CASE("of several gateways one fetches a token, and the others take it") {
        auto& server = PostgresServer::instance();
        AdapterRig rig;
        const auto database = server.create_database();
        AskingGateway first(rig, database), second(rig, database), third(rig, database);
        for (auto* gateway : {&first, &second, &third}) {
            gateway->ask();
        }
        const auto token = first.answer();
        CHECK(second.answer() == token);
        CHECK(third.answer() == token);
        CHECK(rig.wecom.gettoken_calls("hr") == 1);

        SUBCASE("again, when WeCom refuses it") {
            rig.wecom.revoke_access_token("hr", 42001);
            for (auto* gateway : {&first, &second, &third}) {
                gateway->drop(token);
                gateway->ask();
            }
            const auto next = first.answer();
            CHECK(next != token);
            CHECK(second.answer() == next);
            CHECK(third.answer() == next);
            CHECK(rig.wecom.gettoken_calls("hr") == 2);
        }
        SUBCASE("again, when one has noticed late that it is dead") {
            rig.wecom.revoke_access_token("hr", 42001);
            first.drop(token);
            const auto next = first.token();
            second.drop(token);
            CHECK(second.token() == next);
            CHECK(third.token() == token);  // has not been told
            CHECK(rig.wecom.gettoken_calls("hr") == 2);
        }
    }

    TEST_CASE("whose turn it was with a clock ahead of time is waited for no longer than others") {
        auto& server = PostgresServer::instance();
        AdapterRig rig;
        const auto database = server.create_database();
        AskingGateway gateway(rig, database);
        const auto token = gateway.token();
        rig.wecom.revoke_access_token("hr", 42001);
        // Left by a gateway that was killed: "for 30 s", with the clock two hours ahead.
        soci::session sql("postgresql", database + "?connect_timeout=3");
        const auto expires_at = base::to_unix_ms(rig.clock.now() + std::chrono::hours(2));
        sql << "insert into messages.facts(kind, account, key, value, expires_at_ms)"
               " select 'fetches_token', account, '', '', :expires from messages.tokens"
               " on conflict (kind, account, key) do update set expires_at_ms = :expires",
            soci::use(expires_at, "expires");
        gateway.drop(token);
        gateway.ask();
        gateway.pass(durable::claim_life);
        const auto next = gateway.answer();
        CHECK(next != token);
        CHECK(next != "no answer");
    }

    TEST_CASE("nor do two fetch one while the database is too slow to say whose turn it is") {
        auto& server = PostgresServer::instance();
        AdapterRig rig;
        const auto database = server.create_database();
        AskingGateway first(rig, database), second(rig, database);
        {
            soci::session slow("postgresql", database + "?connect_timeout=3");
            const soci::transaction lock(slow);
            slow << "lock table messages.facts in share mode";
            const auto waiting = [&] {
                int count = 0;
                slow << "select count(*) from pg_locks where not granted", soci::into(count);
                return count;
            };
            first.ask();
            second.ask();
            REQUIRE(eventually([&] { return waiting() == 2; }));
            REQUIRE(eventually([&] { return waiting() == 0; }));  // they have given up for now
        }
        CHECK(second.answer() == first.answer());
        CHECK(rig.wecom.gettoken_calls("hr") == 1);
    }
}

}  // namespace hermes::test
