// What the store costs: not a test, prints figures. `state_bench [directory]`, SQLite only.
#include <ctime>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "durable/database/database.hpp"
#include "durable/facts/route_cache.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "durable/store/store.hpp"
#include "integration/durable/process_memory.hpp"

namespace {

using namespace hermes::durable;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

// Of this thread: what others do on the machine does not count.
double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

NewEvent make_event(std::int64_t n, std::int64_t chats) {
    NewEvent event;
    event.duplicate_key =
        "ww1a2b3c4d5e6f7a8b:1000002:" + std::to_string(7'300'000'000'000'000'000 + n);
    event.account = "ww1a2b3c4d5e6f7a8b:1000002";
    event.chat = "ww1a2b3c4d5e6f7a8b:member" + std::to_string(n % chats);
    event.folded_chat = event.chat;
    event.payload = std::string(556, 'x');
    return event;
}

std::string fresh(const std::string& directory) {
    const auto path = directory + "/state_bench.db";
    for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
        std::filesystem::remove(path + suffix);
    }
    return path;
}

// The writer's own time a row, without the commit, in batches of 64.
void statement_costs(const std::string& directory) {
    Database database(parse_location(fresh(directory), directory));
    database.migrate();
    RouteCache routes;
    constexpr int rows = 64'000;
    constexpr int batch = 64;
    const auto run = [&](const char* what, const std::function<void(std::int64_t)>& one) {
        double inside = 0;
        const auto start = cpu_seconds();
        for (std::int64_t n = 0; n < rows;) {
            database.begin();
            const auto begun = cpu_seconds();
            for (int i = 0; i < batch; ++i, ++n) {
                one(n);
            }
            inside += cpu_seconds() - begun;
            database.commit();
        }
        std::printf("%-34s %6.2f us of CPU a row, %6.2f with the commit\n", what,
                    inside / rows * 1e6, (cpu_seconds() - start) / rows * 1e6);
    };
    run("insert event (batches of 64)", [&](std::int64_t n) {
        insert_event(database, make_event(n, 1'000), {n, n});
    });
    run("the same again: duplicates", [&](std::int64_t n) {
        insert_event(database, make_event(n, 1'000), {n, n});
    });
    run("route, unchanged", [&](std::int64_t n) {
        routes.remember(database, "ww1a2b3c4d5e6f7a8b:member" + std::to_string(n % 1'000),
                        "ww1a2b3c4d5e6f7a8b:1000002", n);
    });
    run("charge an attempt", [&](std::int64_t n) {
        charge_attempt(database, n + 1, 1, 1, RowTime{1, 1});
    });
    run("settle", [&](std::int64_t n) { settle_event(database, n + 1, {n, n}); });
    NewMessage message;
    message.account = "ww1a2b3c4d5e6f7a8b:1000002";
    message.parts = {{std::string(200, 'y')}};
    run("insert a message of one part", [&](std::int64_t n) {
        message.chat = "ww1a2b3c4d5e6f7a8b:member" + std::to_string(n % 1'000);
        insert_parts(database, message, n + 1, {n, n});
    });
    run("mark as delivered", [&](std::int64_t n) {
        mark_delivered(database, n + 1, "msgid-12345678", "1700000000000 140 \n", {n, n});
    });
}

// Closed loop: so many accepts are always under way.
void accept_rate(const std::string& directory, int under_way, int rows) {
    StoreOptions options;
    options.connection = fresh(directory);
    options.data_directory = directory;
    hermes::base::EventLoop loop;
    Store store(options, loop);
    std::atomic<int> next{0};
    std::atomic<int> finished{0};
    std::promise<void> done;
    std::function<void()> submit = [&] {
        const int n = next++;
        if (n >= rows) {
            return;
        }
        store.inbox().accept(make_event(n, 1'000), [&](const hermes::base::Result<Accepted>&) {
            if (++finished == rows) {
                done.set_value();
            } else {
                submit();
            }
        });
    };
    const auto start = Steady::now();
    for (int i = 0; i < under_way; ++i) {
        submit();
    }
    done.get_future().wait();
    const auto seconds = seconds_since(start);
    std::printf("%3d under way: %8.0f accepts/s, %7.0f us each\n", under_way, rows / seconds,
                seconds / rows * under_way * 1e6);
    store.stop();
}

// The same amount of work per write as accept_rate, beside the sync: what this disk can do.
void sync_rate(const std::string& directory) {
    const auto path = directory + "/state_bench.sync";
    std::ofstream(path) << "x";
    const auto start = Steady::now();
    constexpr int count = 200;
    for (int i = 0; i < count; ++i) {
        hermes::test::append_and_sync(path, 4'096);
    }
    std::printf("one append of 4 KB and its fdatasync: %.0f us\n",
                seconds_since(start) / count * 1e6);
    std::filesystem::remove(path);
}

void backlog(const std::string& directory, std::int64_t events, std::int64_t settled) {
    const auto path = fresh(directory);
    {
        Database database(parse_location(path, directory));
        database.migrate();
        database.begin();
        for (std::int64_t n = 0; n < settled; ++n) {
            const auto seq = insert_event(database, make_event(n, 1'000), {n, n});
            settle_event(database, *seq, {n, n});
        }
        for (std::int64_t n = 0; n < events; ++n) {
            insert_event(database, make_event(settled + n, events), {n, n});
        }
        database.commit();
    }
    const auto before = hermes::test::resident_kilobytes();
    StoreOptions options;
    options.connection = path;
    options.data_directory = directory;
    const auto start = Steady::now();
    hermes::base::EventLoop loop;
    Store store(options, loop);
    const auto opened = seconds_since(start);
    std::atomic<std::int64_t> handed{0};
    store.inbox().start({"ww1a2b3c4d5e6f7a8b:1000002"},
                        {[&](const StoredEvent&) { ++handed; }, {}});
    const auto started = seconds_since(start);
    while (handed < std::min(events, static_cast<std::int64_t>(in_flight_max))) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const auto first = seconds_since(start);
    // A new event in a chat of its own is handed over only when everything is loaded.
    std::this_thread::sleep_for(std::chrono::seconds(2));
    const auto after = hermes::test::resident_kilobytes();
    std::printf(
        "%lld pending, %lld settled: open %.3f s, start returns %.3f s, the first %zu "
        "handed over %.3f s, memory grows %.1f MB\n",
        static_cast<long long>(events), static_cast<long long>(settled), opened, started,
        in_flight_max, first, static_cast<double>(after - before) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string directory =
        std::filesystem::absolute(argc > 1 ? argv[1] : ".").lexically_normal().string();
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    statement_costs(directory);
    sync_rate(directory);
    accept_rate(directory, 1, 2'000);
    accept_rate(directory, 8, 16'000);
    accept_rate(directory, 64, 64'000);
    backlog(directory, 0, 0);
    backlog(directory, 100'000, 0);
    backlog(directory, 100'000, 1'000'000);
    fresh(directory);
}
