// What a callback, and a message with its reply, cost: in the time of processors, and in
// instructions.
//
//     cost_bench [folder on the disk to measure [messages]]
//     cost_bench folder messages bare|callback|reply [state]
//
// Everything is in this process, the load driver and the API too, and so it is for the bare request
// to which they are compared; but not a PostgreSQL, whose own processor time stands beside it.
// Where the machine counts no instructions, valgrind does, of a process for each.
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bare_server.hpp"
#include "gateway_rig.hpp"
#include "instructions.hpp"
#include "support/postgres_server.hpp"

namespace {

using namespace hermes;
using namespace hermes::bench;
using hermes::test::PostgresServer;

constexpr int rounds = 3;
constexpr std::size_t connections = 64;
constexpr std::size_t chats = 1000;  // of members who write again and again
constexpr std::size_t agents = 64;   // that answer at once, each on its thread

// What is measured: so many requests, to their end.
class Subject {
public:
    Subject() = default;
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    virtual ~Subject() = default;
    virtual void run(std::size_t count) = 0;
};

class Bare final : public Subject {
public:
    void run(std::size_t count) override {
        run_callbacks(server_.port(), connections, count, chats);
    }

private:
    BareServer server_{1};
};

// Verified, decrypted, committed, acknowledged, and handed to an agent that never answers.
class Callback final : public Subject {
public:
    Callback(const std::filesystem::path& folder, const std::string& state)
        : gateway_(fresh(folder), {}, {}, {}, state) {}
    void run(std::size_t count) override {
        run_callbacks(gateway_.host.port, connections, count, chats);
    }

private:
    Gateway gateway_;
};

// Also begun, answered, committed, sent to the API, and recorded. No chat comes near WeCom's limits
// for a member, and the limit of a corp, which would be all that is measured, is lifted.
class Reply final : public Subject {
public:
    Reply(const std::filesystem::path& folder, const std::string& state)
        : gateway_(
              fresh(folder), api_.url(), [this](MessageEvent event) { answer(std::move(event)); },
              no_corp_limit(), state) {}
    ~Reply() override { threads_.join(); }

    void run(std::size_t count) override {
        wanted_ += count;
        run_callbacks(gateway_.host.port, connections, count, chats);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return delivered_ == wanted_; });
    }

private:
    static wecom::AdapterOverrides no_corp_limit() {
        wecom::AdapterOverrides overrides;
        overrides.delivery.lanes.group_per_minute = 0;
        return overrides;
    }

    void answer(MessageEvent event) {
        boost::asio::post(threads_, [this, event = std::move(event)] {
            if (gateway_.adapter->begin(event.id)) {
                gateway_.adapter->send(
                    {.chat = event.chat, .account = {}, .reply_to = event.id, .text = event.text},
                    [this](const SendResult& result) { count(result); });
            }
        });
    }

    void count(const SendResult& result) {
        must_be_delivered(result);
        const std::lock_guard lock(mutex_);
        ++delivered_;
        changed_.notify_one();
    }

    BareServer api_{1, api_answer};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t wanted_ = 0, delivered_ = 0;
    boost::asio::thread_pool threads_{agents};
    Gateway gateway_;
};

std::unique_ptr<Subject> make(std::string_view name, const std::filesystem::path& folder,
                              const std::string& state) {
    if (name == "bare") {
        return std::make_unique<Bare>();
    }
    if (name == "callback") {
        return std::make_unique<Callback>(folder, state);
    }
    return std::make_unique<Reply>(folder, state);
}

struct Named {
    const char* name;
    const char* title;
    bool on_postgresql;
};
constexpr Named subjects[] = {{"bare", "a bare request", false},
                              {"callback", "a durable callback", false},
                              {"reply", "a message and its reply", false},
                              {"callback", "the same on PostgreSQL", true},
                              {"reply", "the same on PostgreSQL", true}};

class Measurement {
public:
    explicit Measurement(std::filesystem::path folder)
        : folder_(std::move(folder)), server_(PostgresServer::instance()) {}

    void time(std::size_t count) const {
        std::vector<std::unique_ptr<Subject>> made;
        for (const auto& subject : subjects) {
            made.push_back(make(subject.name, place_of(subject), state_of(subject)));
            made.back()->run(count);  // warms up
        }
        for (int round = 0; round < rounds; ++round) {
            Cost bare;
            for (std::size_t n = 0; n < made.size(); ++n) {
                const auto server_before = server_us();
                const auto before = cost_so_far();
                made[n]->run(count);
                const auto cost = cost_so_far() - before;
                bare = n == 0 ? cost : bare;
                tell(subjects[n], cost, bare, server_us() - server_before, count);
            }
        }
    }

    void instructions(std::size_t count) const {
        double bare = 0;
        for (const auto& subject : subjects) {
            const auto each = instructions_each(
                [&](std::size_t messages) -> std::vector<std::string> {
                    return {place_of(subject), std::to_string(messages), subject.name,
                            state_of(subject)};
                },
                count);
            if (each == 0) {
                std::printf("  not counted: this needs valgrind\n");
                return;
            }
            bare = bare == 0 ? each : bare;
            std::printf("  %-24s %6.1f k, %4.1f bare requests\n", subject.title, each / 1e3,
                        each / bare);
        }
    }

private:
    static void tell(const Named& subject, const Cost& cost, const Cost& bare, double server_us,
                     std::size_t count) {
        const auto each = static_cast<double>(count);
        std::printf("  %-24s %6.1f us, %4.1f bare requests", subject.title, cost.cpu_us / each,
                    cost.cpu_us / bare.cpu_us);
        if (cost.instructions > 0) {
            std::printf("; %.0f k instructions, %.1f", cost.instructions / each / 1e3,
                        cost.instructions / bare.instructions);
        }
        if (subject.on_postgresql) {
            std::printf("; and %.1f us in the server", server_us / each);
        }
        std::printf("\n");
    }

    std::string place_of(const Named& subject) const {
        return (folder_ / (subject.name + std::string(subject.on_postgresql ? "-server" : "")))
            .string();
    }
    std::string state_of(const Named& subject) const {
        return subject.on_postgresql ? server_.create_database() : std::string();
    }
    double server_us() const { return cpu_us_of_children(server_.pid()); }

    std::filesystem::path folder_;
    PostgresServer& server_;
};

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/cost_bench";
    const auto count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 4'000;
    if (argc > 3) {
        make(argv[3], folder, argc > 4 ? argv[4] : "")->run(count);
    } else {
        const Measurement measurement(folder);
        const bool counts = cost_so_far().instructions > 0;
        std::printf("processor time of everything in one process%s:\n",
                    counts ? "" : " (this machine counts no instructions)");
        measurement.time(count);
        if (!counts) {
            std::printf("instructions outside of the kernel, counted by valgrind:\n");
            measurement.instructions(1'000);
        }
    }
    std::filesystem::remove_all(folder);
}
