#include "durable/database/location.hpp"

#include <doctest/doctest.h>

#include "durable/database/state_error.hpp"

namespace hermes::durable {
namespace {

TEST_SUITE("state/location") {
    TEST_CASE("without a setting the state is a file in the data directory") {
        const auto location = parse_location("", "/var/lib/hermes");
        CHECK(location.dialect == Dialect::sqlite);
        CHECK(location.path == "/var/lib/hermes/messages.db");
        CHECK(location.noun() == "state file /var/lib/hermes/messages.db");
    }

    TEST_CASE("a path and sqlite3:// name another file") {
        CHECK(parse_location("/srv/x.db", "/var").path == "/srv/x.db");
        CHECK(parse_location("sqlite3:///srv/x.db", "/var").path == "/srv/x.db");
        CHECK(parse_location("x.db", "/var/lib").path == "/var/lib/x.db");
        CHECK(parse_location("sqlite3://x.db", "/var/lib").path == "/var/lib/x.db");
    }

    TEST_CASE("a PostgreSQL address is shown without user, password and parameters") {
        const auto location =
            parse_location("postgresql://hermes:s3cret@db.example:5433/state?sslmode=require", "");
        CHECK(location.dialect == Dialect::postgresql);
        CHECK(location.shown == "postgresql://db.example:5433/state");
        CHECK(location.noun() == "state database postgresql://db.example:5433/state");
        CHECK(location.connect.starts_with(
            "postgresql://hermes:s3cret@db.example:5433/state?sslmode=require&connect_timeout="));
    }

    TEST_CASE(
        "an address with a password that is not encoded is refused, and nothing of it shown") {
        for (const auto* address : {"postgresql://hermes:pw@PW#x@127.0.0.1/hermes",
                                    "postgresql://u:pw%PWx@h/d",
                                    "postgresql://u:pw%0",
                                    "postgresql://u:pw%00@h/d",
                                    "postgresql://u:pw?PWx@h/d",
                                    "postgresql://u:12?PWx@h/d",
                                    "postgresql://u:pw/PWx@h/d",
                                    "postgresql://u:12/x@h/d",
                                    "postgresql:///u:pw@h/d",
                                    "postgresql://u:pw x@h/d",
                                    "postgresql://u:pw",
                                    "postgresql://u@h/d?password=a&b",
                                    "postgresql://u@h/d?password=a=b",
                                    "postgresql://[::1/d",
                                    "postgresql:/hermes:pwx@h/d",
                                    "postgresql//u:pwx@h/d",
                                    "Postgres:u:pwx@h",
                                    "hermes:pwx@h/d",
                                    "//u:pwx@h/d",
                                    "u:pw@h/d://",
                                    "host=127.0.0.1 dbname=hermes user=hermes password=pw",
                                    "host=/run dbname=hermes"}) {
            CAPTURE(address);
            CHECK_THROWS_WITH_AS(parse_location(address, "/var/lib"), no_database_address,
                                 StoreOpenError);
        }
    }

    TEST_CASE("whatever libpq takes for an address is one here") {
        for (const auto* address :
             {"postgresql://u:p%40ss@db/state", "postgresql://u:p:s#s@db:5432/state",
              "postgres://db1,db2:5433/state?target_session_attrs=read-write",
              "postgresql://u:p@[::1]:5432/state", "postgresql:///state?host=/run/postgresql",
              "postgresql://"}) {
            CAPTURE(address);
            CHECK(parse_location(address, "").connect.starts_with(address));
        }
        CHECK(parse_location("postgresql://u:p:s#s@db/state", "").shown == "postgresql://db/state");
    }

    TEST_CASE("a file may have an at sign in its path, where that can be no address") {
        CHECK(parse_location("/srv/a@b/x.db", "").path == "/srv/a@b/x.db");
        CHECK(parse_location("sqlite3://a@b.db", "/var").path == "/var/a@b.db");
    }

    TEST_CASE("what the operator says about the connection is not overruled") {
        const auto location = parse_location("postgresql://db/state?connect_timeout=9", "");
        CHECK(location.connect.find("connect_timeout=9") != std::string::npos);
        CHECK(location.connect.find("connect_timeout=3") == std::string::npos);
    }

    TEST_CASE("the keyword form of a PostgreSQL address is understood and shown without password") {
        const auto location =
            parse_location("postgresql://host=db dbname=state user=hermes password=s3cret", "");
        CHECK(location.shown == "postgresql://db/state");
        CHECK(location.connect.starts_with(
            "host=db dbname=state user=hermes password=s3cret connect_timeout=3"));
    }

    TEST_CASE("another scheme is refused with what may be written instead") {
        CHECK_THROWS_WITH_AS(
            parse_location("mysql://db/state", ""),
            "`state` begins with `mysql://`, which is not known here: write the path of a file, "
            "`sqlite3://path`, or `postgresql://user:password@host/database`",
            StoreOpenError);
        CHECK_THROWS_AS(parse_location("sqlite3://", ""), StoreOpenError);
    }

    TEST_CASE("a quotation mark in a path is refused, since SOCI could not open it") {
        CHECK_THROWS_AS(parse_location("/srv/a\"b.db", ""), StoreOpenError);
    }
}

}  // namespace
}  // namespace hermes::durable
