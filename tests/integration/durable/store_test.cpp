#include "durable/store/store.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "durable/database/schema.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::GatewayKind;
using durable::Store;
using durable::StoreOpenError;

TEST_SUITE("state/store") {
    TEST_CASE("the file is made for its owner only, and what belongs to it too") {
        SqlitePlace place;
        auto store = place.open();
        accept(*store, event("m1"));
        for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
            struct stat found {};
            REQUIRE(::stat((place.file() + suffix).c_str(), &found) == 0);
            CHECK((found.st_mode & 0777) == 0600);
        }
        CHECK(store->location() == place.file());
    }

    TEST_CASE("SQLite is set up so that a commit survives a power failure") {
        SqlitePlace place;
        place.open();
        auto database = place.raw();
        std::string mode;
        int synchronous = 0;
        database->session() << "pragma journal_mode", soci::into(mode);
        database->session() << "pragma synchronous", soci::into(synchronous);
        CHECK(mode == "wal");
        CHECK(synchronous == 2);  // FULL
    }

    TEST_CASE("a path with spaces and signs is a path") {
        TempDirectory directory;
        durable::StoreOptions options;
        options.connection = (directory.path() / "my state = good.db").string();
        base::EventLoop loop;
        auto store = std::make_unique<Store>(options, loop);
        CHECK(accept(*store, event("m1")).has_value());
        CHECK(std::filesystem::exists(directory.path() / "my state = good.db"));
    }

    TEST_CASE("routes and access tokens survive a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1", "zhangsan", hr));
            accept(*store, event("m2", "zhangsan", it));
            accept(*store, event("m3", "lisi", hr));
            const durable::StoredToken token{base::Secret("abc"), place.clock.now() + 2h};
            store->tokens().save("ww1:1000002", {base::Secret("old"), place.clock.now()});
            store->tokens().save("ww1:1000002", token);
            store->tokens().save("ww1:1000003", token);
            store->tokens().erase("ww1:1000003", base::Secret("newer"));
            store->tokens().save("ww1:1000004", token);
            store->tokens().erase("ww1:1000004", token.access_token);
            store.reset();
            store = place.open();
            CHECK(store->routes().last_heard("ww1:zhangsan").value() == it);
            CHECK(store->routes().last_heard("ww1:lisi").value() == hr);
            CHECK_FALSE(store->routes().last_heard("ww1:nobody").value());
            const auto loaded = store->tokens().load("ww1:1000002").value();
            REQUIRE(loaded);
            CHECK(loaded->access_token == token.access_token);
            CHECK(loaded->expires_at == token.expires_at);
            CHECK(store->tokens().load("ww1:1000003").value());  // another gateway's by then
            CHECK_FALSE(store->tokens().load("ww1:1000004").value());
        });
    }

    TEST_CASE("who fetches a token keeps others from it, until it has it or is gone for long") {
        on_each_database([](Place& place) {
            const auto store = place.open();
            const auto claim = [&](const std::string& account) {
                Mailbox<bool> claimed;
                store->tokens().claim(account,
                                      [&](base::Result<bool> mine) { claimed.put(mine.value()); });
                return claimed.take().value();
            };
            CHECK(claim(hr));
            CHECK_FALSE(claim(hr));
            CHECK(claim(it));
            store->tokens().release(hr);
            CHECK(claim(hr));
            place.clock.advance(durable::claim_life);
            CHECK(claim(hr));
            CHECK_FALSE(claim(hr));
        });
    }

    TEST_CASE("a route follows its member from app to app and back, also within one commit") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m0", "zhangsan", hr));
            Mailbox<bool> stored;
            for (const auto& account : {it, hr, it, hr}) {
                static int n = 0;
                store->inbox().accept(event("x" + std::to_string(++n), "zhangsan", account),
                                      [&](const auto&) { stored.put(true); });
            }
            for (int i = 0; i < 4; ++i) {
                stored.take();
            }
            CHECK(store->routes().last_heard("ww1:zhangsan").value() == hr);
        });
    }

    TEST_CASE("a duplicate does not change the route") {
        on_each_database([](Place& place) {
            auto store = place.open();
            accept(*store, event("m1", "zhangsan", hr));
            accept(*store, event("m1", "zhangsan", it));
            CHECK(store->routes().last_heard("ww1:zhangsan").value() == hr);
        });
    }

    TEST_CASE("a second gateway on the same file is refused, and told who is there") {
        SqlitePlace place;
        auto store = place.open();
        CHECK(refusal(place.options()) == "another gateway (process " + std::to_string(::getpid()) +
                                              ") uses " + place.file() +
                                              ": stop it, or give this one its own `state`");
        CHECK(accept(*store, event("m1")).has_value());
        store.reset();
        CHECK(refusal(place.options()) == "it opened");
    }

    TEST_CASE(
        "a second gateway on PostgreSQL is refused in the same data directory, and welcome in "
        "another") {
        const PostgresPlace place;
        auto store = place.open();
        const auto sentence = refusal(place.options());
        CHECK(sentence ==
              "another gateway (process " + std::to_string(::getpid()) +
                  ") uses this `data_dir`: stop it, or give this one its own `data_dir`");
        const TempDirectory elsewhere;
        auto options = place.options();
        options.data_directory = elsewhere.path().string();
        CHECK(refusal(options) == "it opened");
        CHECK(accept(*store, event("m1")).has_value());
        store.reset();
        CHECK(refusal(options) == "it opened");
        CHECK(refusal(place.options()) == "it opened");
    }

    TEST_CASE("a visitor works beside a gateway and becomes the gateway when there is none") {
        on_each_database([](Place& place) {
            auto gateway = place.open();
            auto visitor = place.open(GatewayKind::visitor);
            CHECK_FALSE(visitor->try_become_gateway());
            CHECK(enqueue(*visitor, message("hello")).has_value());
            CHECK(accept(*gateway, event("m1")).has_value());
            gateway.reset();
            CHECK(visitor->try_become_gateway());
            CHECK(visitor->try_become_gateway());
            const auto before = visitor->outbox().outside_changes().value();
            CHECK(enqueue(*visitor, message("as the gateway")).has_value());
            CHECK(visitor->outbox().outside_changes().value() == before);
            CHECK(place.open(GatewayKind::visitor)->try_become_gateway() == false);
            visitor.reset();
            CHECK(place.open() != nullptr);
        });
    }

    TEST_CASE("a state of a newer version is refused and left as it is") {
        on_each_database([](Place& place) {
            place.open();
            place.session() << "update meta set value = 7 where key = 'schema_version'";
            const auto noun =
                durable::parse_location(place.connection(), place.data_directory()).noun();
            CHECK(refusal(place.options()) ==
                  "the " + noun +
                      " was written by a newer version (schema 7, this one knows up to " +
                      std::to_string(durable::schema_version) +
                      "): update the plugin, or name another `state`");
            std::int64_t version = 0;
            place.session() << "select value from meta where key = 'schema_version'",
                soci::into(version);
            CHECK(version == 7);
        });
    }

    TEST_CASE("the database of another program is left alone") {
        SqlitePlace place;
        {
            soci::session other("sqlite3", "dbname=\"" + place.file() + "\"");
            other << "create table customers(name text)";
        }
        CHECK(refusal(place.options()) == "the file " + place.file() +
                                              " belongs to another program: name another one in "
                                              "`state`");
    }

    TEST_CASE("a directory that is not there is named") {
        TempDirectory directory;
        durable::StoreOptions options;
        options.data_directory = (directory.path() / "nowhere").string();
        CHECK(refusal(options) == "the directory " + options.data_directory +
                                      " of the state file " + options.data_directory +
                                      "/messages.db does not exist: create it, or change "
                                      "`data_dir` or `state`");
    }

    TEST_CASE("a PostgreSQL server that does not answer is named without its password") {
        durable::StoreOptions options;
        options.connection = "postgresql://hermes:s3cret@127.0.0.1:1/state";
        const auto sentence = refusal(options);
        CHECK(
            sentence.starts_with("the state database postgresql://127.0.0.1:1/state does not "
                                 "answer (connection to server at \"127.0.0.1\", port 1 failed: "
                                 "Connection refused"));
        CHECK(
            sentence.ends_with("): check that the server runs and that the address in `state` "
                               "is right"));
        CHECK(sentence.find("s3cret") == std::string::npos);
    }

    TEST_CASE("a PostgreSQL that lets this user not in is not said to be down") {
        auto& server = PostgresServer::instance();
        durable::StoreOptions options;
        options.connection = server.url("postgres");
        options.connection.replace(options.connection.find("sesame"), 6, "wrong!");
        const auto sentence = refusal(options);
        CHECK(sentence.find(" refuses the connection (") != std::string::npos);
        CHECK(sentence.find("password authentication failed for user \"hermes\"") !=
              std::string::npos);
        CHECK(sentence.ends_with("): correct user, password or database in `state`"));
        CHECK(sentence.find("wrong!") == std::string::npos);
        options.connection = server.url("no_such_database");
        CHECK(refusal(options).find(" refuses the connection (") != std::string::npos);
    }

    TEST_CASE("what libpq says of keywords that it can't take apart is not shown") {
        durable::StoreOptions options;
        options.connection = "postgresql://host=127.0.0.1 user=hermes password=my secret=word";
        CHECK(refusal(options) == durable::no_database_address);
    }

    TEST_CASE("what could not be written and nobody waits for is a line of the log") {
        on_each_database([](Place& place) {
            Mailbox<std::string> lines;
            auto options = place.options();
            options.log = base::Log([&](base::Severity severity, std::string_view line) {
                CHECK(severity == base::Severity::error);
                lines.put(std::string(line));
            });
            Store store(options, place.loop());
            Host host(store);
            accept(store, event("m1"));
            REQUIRE(host.next());
            place.session() << "alter table inbox rename column finished_run_ms to gone";
            store.inbox().settle(1);
            const auto line = lines.take();
            REQUIRE(line);
            CHECK(line->starts_with("the end of event 1 could not be written: "));
            place.session() << "alter table inbox rename column gone to finished_run_ms";
        });
    }

    TEST_CASE("stop may be called twice, and the store can be destroyed without it") {
        on_each_database([](Place& place) {
            auto store = place.open();
            store->stop();
            store->stop();
            store.reset();
            store = place.open();
            Host host(*store);
            CHECK(accept(*store, event("m1")).has_value());
        });
    }
}

}  // namespace
}  // namespace hermes::test
