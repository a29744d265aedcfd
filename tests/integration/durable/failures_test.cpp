// What can befall a database: the sentence, how fast a callback is answered, and that it recovers.
#include <doctest/doctest.h>
#include <soci/soci.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "integration/durable/store_rig.hpp"
#include "support/postgres_server.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::StateError;
using durable::Store;
using durable::StoreHealth;
using durable::StoreOpenError;

// WeCom gives up on a callback after this.
constexpr auto wecom_timeout = 5s;

class WatchedStore {
public:
    explicit WatchedStore(durable::StoreOptions options) {
        options.on_health = [this](const StoreHealth& health) { healths.put(health); };
        store = std::make_unique<Store>(std::move(options), loop);
    }
    Mailbox<StoreHealth> healths;
    base::EventLoop loop;
    std::unique_ptr<Store> store;
};

// Accepts until the store can't; remembers what was acknowledged.
boost::system::error_code accept_until_failure(Store& store, std::set<std::string>& acknowledged) {
    static int n = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto start = std::chrono::steady_clock::now();
        auto one = event("m" + std::to_string(++n));
        one.payload.append(2'000, 'x');
        const auto key = one.duplicate_key;
        const auto outcome = accept(store, std::move(one));
        CHECK(std::chrono::steady_clock::now() - start < wecom_timeout);
        if (outcome.has_error()) {
            return outcome.error();
        }
        acknowledged.insert(key);
    }
    return {};
}

std::set<std::string> stored_keys(const std::string& file) {
    std::vector<std::string> keys(100'000);
    durable::Database database(durable::parse_location(file, ""));
    database.session() << "select duplicate_key from inbox", soci::into(keys);
    return {keys.begin(), keys.end()};
}

durable::StoreOptions options_on(const SmallDisk& disk) {
    durable::StoreOptions options;
    options.data_directory = disk.path();
    return options;
}

TEST_SUITE("state/failures") {
    TEST_CASE(
        "a full disk: callbacks are refused, replies wait, and all goes on when there is space") {
        const auto disk = SmallDisk::mount(16);
        if (!disk) {
            return;
        }
        const auto file = disk->path() + "/messages.db";
        std::set<std::string> acknowledged;
        {
            WatchedStore watched(options_on(*disk));
            auto& store = *watched.store;
            Host host(store);
            accept(store, event("first"));
            const auto first = host.next();
            REQUIRE(first);
            disk->fill();
            CHECK(accept_until_failure(store, acknowledged) == StateError::full);
            const auto health = watched.healths.take();
            REQUIRE(health);
            CHECK(health->problem == "the state file " + file +
                                         " cannot be written: disk full; callbacks are answered "
                                         "503 until there is space");
            CHECK(store.health().problem == health->problem);
            CHECK(health->summary == "the message store cannot be written: disk full");

            Mailbox<bool> stored;
            auto reply = message(std::string(100'000, 'y'));
            reply.settles = first->seq;
            store.outbox().enqueue(reply,
                                   [&](const auto& outcome) { stored.put(outcome.has_value()); });
            accept_until_failure(store, acknowledged);
            CHECK(stored.size() == 0);

            disk->make_room();
            CHECK(stored.take() == true);
            CHECK(watched.healths.take()->available);
            CHECK(accept(store, event("last")).value() == durable::Accepted::stored);
        }
        const auto stored = stored_keys(file);
        for (const auto& key : acknowledged) {
            CHECK(stored.contains(key));
        }
        CHECK(stored.size() == acknowledged.size() + 2);
    }

    TEST_CASE("a disk that is full at the start is said so") {
        const auto disk = SmallDisk::mount(1);
        if (!disk) {
            return;
        }
        disk->fill();
        CHECK(refusal(options_on(*disk)) ==
              "the state file " + disk->path() +
                  "/messages.db cannot be opened: disk full; make room and start again");
    }

    TEST_CASE("a read-only directory is said so, with and without a state file in it") {
        for (const bool with_file : {false, true}) {
            const auto disk = SmallDisk::mount(4);
            if (!disk) {
                return;
            }
            if (with_file) {
                base::EventLoop loop;
                Store store(options_on(*disk), loop);
            }
            disk->make_read_only();
            CHECK(refusal(options_on(*disk)) ==
                  "the state file " + disk->path() + "/messages.db cannot be " +
                      (with_file ? "written" : "created") +
                      ": Read-only file system; make it and its directory writable for this "
                      "user, or change `state`");
        }
    }

    TEST_CASE("a directory without permission is said so") {
        if (::geteuid() == 0) {
            return;  // may write everywhere
        }
        TempDirectory directory;
        std::filesystem::permissions(directory.path(), std::filesystem::perms::owner_read |
                                                           std::filesystem::perms::owner_exec);
        durable::StoreOptions options;
        options.data_directory = directory.path().string();
        CHECK(refusal(options) == "the state file " + options.data_directory +
                                      "/messages.db cannot be created: Permission denied; "
                                      "make it and its directory writable for this user, or "
                                      "change `state`");
        std::filesystem::permissions(directory.path(), std::filesystem::perms::owner_all);
    }

    TEST_CASE(
        "a file that another program has locked: callbacks are refused in time, then it goes on") {
        SqlitePlace place;
        WatchedStore watched(place.options());
        std::set<std::string> acknowledged;
        const auto other = place.raw();
        other->session() << "begin immediate";
        CHECK(accept_until_failure(*watched.store, acknowledged) == StateError::locked);
        CHECK(watched.healths.take()->problem ==
              "the state file " + place.file() +
                  " cannot be written: another program holds it locked; callbacks are answered "
                  "503 until it lets go");
        watched.store->tokens().save("app", {base::Secret("abc"), place.clock.now()});
        other->session() << "rollback";
        CHECK(watched.healths.take()->available);
        CHECK(watched.store->tokens().load("app").value());
        CHECK(accept(*watched.store, event("after")).has_value());
    }

    TEST_CASE("a file that is locked at the start is said so") {
        SqlitePlace place;
        place.open();
        const auto other = place.raw();
        other->session() << "begin immediate";
        CHECK(refusal(place.options()) ==
              "the state file " + place.file() +
                  " is locked by another program: end that program and start again");
    }

    TEST_CASE("a file that is not a database is said so and left alone") {
        SqlitePlace place;
        std::ofstream(place.file()) << std::string(10'000, 'x');
        CHECK(refusal(place.options()) ==
              "the state file " + place.file() +
                  " cannot be used: file is not a database; restore it from a backup, or move it "
                  "away and a new one is made");
        CHECK(std::filesystem::file_size(place.file()) == 10'000);
    }

    TEST_CASE("a damaged file is said so") {
        SqlitePlace place;
        {
            auto store = place.open();
            accept(*store, event("m1"));
        }
        {
            std::fstream file(place.file(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(4'096);
            file << std::string(std::filesystem::file_size(place.file()) - 4'096, 'x');
        }
        CHECK(refusal(place.options()) ==
              "the state file " + place.file() +
                  " cannot be used: its content is damaged; restore it from a backup, or move it "
                  "away and a new one is made");
    }

    TEST_CASE("damage that shows later stops the acknowledgements, not the process") {
        SqlitePlace place;
        {
            auto store = place.open();
            for (int i = 0; i < 200; ++i) {
                accept(*store, event("m" + std::to_string(i)));
            }
        }
        int page = 0;
        place.session() << "select rootpage from sqlite_master where name ="
                           " 'sqlite_autoindex_inbox_1'",
            soci::into(page);
        {
            std::fstream file(place.file(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp((page - 1) * 4'096);
            file << std::string(4'096, 'x');
        }
        WatchedStore watched(place.options());
        CHECK(accept(*watched.store, event("new")).error() == StateError::corrupt);
        CHECK(watched.healths.take()->problem ==
              "the state file " + place.file() +
                  " is damaged (its content is damaged): stop the gateway and restore it from a "
                  "backup; callbacks are answered 503 until then");
    }

    TEST_CASE("a file that is moved away is not written to blindly, and goes on when it is back") {
        SqlitePlace place;
        WatchedStore watched(place.options());
        CHECK(accept(*watched.store, event("m1")).has_value());
        std::filesystem::rename(place.file(), place.file() + ".moved");
        CHECK(accept(*watched.store, event("m2")).error() == StateError::io);
        CHECK(watched.healths.take()->problem ==
              "the state file " + place.file() +
                  " cannot be written: it was removed or replaced while the gateway runs (put it "
                  "back, or restart); callbacks are answered 503 until it can");
        CHECK_FALSE(std::filesystem::exists(place.file()));
        std::filesystem::rename(place.file() + ".moved", place.file());
        CHECK(watched.healths.take()->available);
        CHECK(accept(*watched.store, event("m2")).value() == durable::Accepted::stored);
        CHECK(accept(*watched.store, event("m1")).value() == durable::Accepted::duplicate);
    }

    TEST_CASE("a PostgreSQL server that goes away and comes back: nothing acknowledged is lost") {
        auto& server = PostgresServer::instance();
        const PostgresPlace place;
        WatchedStore watched(place.options());
        auto& store = *watched.store;
        Host host(store);
        CHECK(accept(store, event("m1")).has_value());
        const auto handed = host.next();
        REQUIRE(handed);
        server.stop();
        std::set<std::string> acknowledged;
        CHECK(accept_until_failure(store, acknowledged) == StateError::unreachable);
        CHECK(store.health().summary == "the message store does not answer");  // names no host
        const auto problem = watched.healths.take()->problem;
        CHECK(problem.starts_with("the state database " + store.location() + " does not answer"));
        CHECK(problem.ends_with("; callbacks are answered 503 until it does"));
        CHECK(problem.find("sesame") == std::string::npos);
        Mailbox<bool> stored;
        auto reply = message("answer");
        reply.settles = handed->seq;
        store.outbox().enqueue(reply,
                               [&](const auto& outcome) { stored.put(outcome.has_value()); });
        // What can't be read is not "never heard", nor "unknown".
        CHECK(store.routes().last_heard("ww1:zhangsan").error() == StateError::unreachable);
        CHECK(store.inbox().account_of(99).error() == StateError::unreachable);
        CHECK(store.inbox().account_of(handed->seq).value() == hr);  // still in memory
        server.start();
        CHECK(stored.take() == true);
        while (!watched.healths.take()->available) {
        }
        CHECK(store.routes().last_heard("ww1:zhangsan").value() == hr);
        CHECK(accept(store, event("m1")).value() == durable::Accepted::duplicate);
        CHECK(accept(store, event("m2")).value() == durable::Accepted::stored);
        CHECK(host.next()->payload == event("m2").payload);
    }
}

}  // namespace
}  // namespace hermes::test
