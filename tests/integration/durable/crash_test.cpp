// kill -9 under load, again and again on the same file: what was promised is there.
#include <doctest/doctest.h>
#include <signal.h>
#include <soci/soci.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "base/process.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

struct Promises {
    std::set<std::string> accepted;  // duplicate keys
    std::set<std::int64_t> replied;  // seqs of events
    std::size_t handed_over = 0;
};

base::Process start_child(const std::string& file, int round) {
    base::ProcessOptions options;
    options.command = {HERMES_CRASH_CHILD, file, std::to_string(round)};
    options.output = base::Stream::pipe;
    return base::Process::start(options).value();
}

void note(const std::string& line, Promises& promises,
          std::map<std::string, std::int64_t>& last_of_chat) {
    std::istringstream words(line);
    std::string what, value;
    words >> what >> value;
    if (what == "accepted") {
        promises.accepted.insert(value);
    } else if (what == "replied") {
        promises.replied.insert(std::stoll(value));
    } else if (what == "handed") {
        std::string chat;
        words >> chat;
        ++promises.handed_over;
        CHECK(std::stoll(value) > last_of_chat[chat]);  // in order, once a run
        last_of_chat[chat] = std::stoll(value);
        CHECK_FALSE(promises.replied.contains(std::stoll(value)));
    } else {
        FAIL("the child said: " << line);
    }
}

// Listens until so many lines have been said, kills, and hears the rest.
void listen_and_kill(base::Process child, int lines, Promises& promises) {
    std::map<std::string, std::int64_t> last_of_chat;
    std::string unfinished;
    char bytes[4096];
    bool killed = false;
    for (ssize_t size; (size = ::read(child.output.get(), bytes, sizeof bytes)) > 0;) {
        unfinished.append(bytes, static_cast<std::size_t>(size));
        for (std::size_t end; (end = unfinished.find('\n')) != std::string::npos;) {
            note(unfinished.substr(0, end), promises, last_of_chat);
            unfinished.erase(0, end + 1);
            if (--lines <= 0 && !std::exchange(killed, true)) {
                child.signal(SIGKILL);
            }
        }
    }
    CHECK(child.wait().signal == SIGKILL);
}

void check_promises(const std::string& file, const Promises& promises) {
    durable::Database database(durable::parse_location(file, ""));
    auto& sql = database.session();
    std::string verdict;
    sql << "pragma integrity_check", soci::into(verdict);
    CHECK(verdict == "ok");

    std::map<std::string, int> states;
    const soci::rowset<soci::row> events =
        (sql.prepare << "select duplicate_key, state from inbox");
    for (const auto& row : events) {
        states.emplace(row.get<std::string>(0), row.get<int>(1));
    }
    for (const auto& key : promises.accepted) {
        REQUIRE(states.contains(key));
    }

    // An event is settled if and only if both parts of its one reply are there.
    int settled = 0, replies = 0, distinct_replies = 0, second_parts = 0;
    sql << "select count(*) from inbox where state = 1", soci::into(settled);
    sql << "select count(*), count(distinct payload) from outbox where message = 0",
        soci::into(replies), soci::into(distinct_replies);
    sql << "select count(*) from outbox where message > 0", soci::into(second_parts);
    CHECK(settled == replies);
    CHECK(replies == distinct_replies);
    CHECK(replies == second_parts);
    CHECK(static_cast<std::size_t>(replies) >= promises.replied.size());
    for (const auto seq : promises.replied) {
        int found = 0;
        sql << "select count(*) from inbox where state = 1 and seq = :seq", soci::use(seq),
            soci::into(found);
        CHECK(found == 1);
    }
}

TEST_SUITE("state/crash") {
    TEST_CASE("a gateway that is killed at any moment keeps every promise") {
        const auto* wanted = std::getenv("HERMES_CRASH_ROUNDS");
        const int rounds = wanted != nullptr ? std::atoi(wanted) : 20;
        SqlitePlace place;
        Promises promises;
        std::mt19937 random(20'240'607);
        for (int round = 1; round <= rounds; ++round) {
            auto child = start_child(place.file(), round);
            const int lines = std::uniform_int_distribution(0, 600)(random);
            listen_and_kill(std::move(child), lines, promises);
        }
        check_promises(place.file(), promises);
        CHECK(promises.accepted.size() > 100);
        MESSAGE(rounds << " kills: " << promises.accepted.size() << " events accepted, "
                       << promises.handed_over << " handed over, " << promises.replied.size()
                       << " replies accepted, none lost");
    }
}

}  // namespace
}  // namespace hermes::test
