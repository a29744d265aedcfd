// What a callback, and a message with its reply, cost: in the time of processors, and in
// instructions.
//
//     cost_bench [folder on the disk to measure [messages]]
//     cost_bench folder messages bare|callback|reply
//
// Everything is in this process, the load driver and the API too, and so it is for the bare request
// to which they are compared. Where the machine counts no instructions, valgrind does, of a process
// for each: those outside of the kernel, and the difference of two lengths, without start and stop.
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
#include "base/child_process.hpp"
#include "gateway_rig.hpp"

namespace {

using namespace hermes;
using namespace hermes::bench;

constexpr int rounds = 3;
constexpr std::chrono::minutes valgrind_patience{10};
constexpr std::size_t valgrind_output_max = 1'000'000;
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
    explicit Callback(const std::filesystem::path& folder) : gateway_(fresh(folder)) {}
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
    explicit Reply(const std::filesystem::path& folder)
        : gateway_(
              fresh(folder), api_.url(), [this](MessageEvent event) { answer(std::move(event)); },
              no_corp_limit()) {}
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

std::unique_ptr<Subject> make(std::string_view name, const std::filesystem::path& folder) {
    if (name == "bare") {
        return std::make_unique<Bare>();
    }
    if (name == "callback") {
        return std::make_unique<Callback>(folder);
    }
    return std::make_unique<Reply>(folder);
}

struct Named {
    const char* name;
    const char* title;
};
constexpr Named subjects[] = {{"bare", "a bare request"},
                              {"callback", "a durable callback"},
                              {"reply", "a message and its reply"}};

void measure_time(const std::filesystem::path& folder, std::size_t count) {
    std::vector<std::unique_ptr<Subject>> made;
    for (const auto& subject : subjects) {
        made.push_back(make(subject.name, folder / subject.name));
        made.back()->run(count);  // warms up
    }
    for (int round = 0; round < rounds; ++round) {
        Cost bare;
        for (std::size_t n = 0; n < made.size(); ++n) {
            const auto before = cost_so_far();
            made[n]->run(count);
            const auto cost = cost_so_far() - before;
            bare = n == 0 ? cost : bare;
            const auto each = static_cast<double>(count);
            std::printf("  %-24s %6.1f us, %4.1f bare requests", subjects[n].title,
                        cost.cpu_us / each, cost.cpu_us / bare.cpu_us);
            if (cost.instructions > 0) {
                std::printf("; %.0f k instructions, %.1f", cost.instructions / each / 1e3,
                            cost.instructions / bare.instructions);
            }
            std::printf("\n");
        }
    }
}

// 0 if valgrind can't be run.
double count_instructions(const std::string& self, const std::filesystem::path& folder,
                          const std::string& name, std::size_t count) {
    base::ChildOptions options;
    options.command = {"valgrind",
                       "--tool=callgrind",
                       "--callgrind-out-file=/dev/null",
                       "--log-fd=1",
                       self,
                       (folder / name).string(),
                       std::to_string(count),
                       name};
    options.timeout = valgrind_patience;
    options.output_bytes_max = valgrind_output_max;
    double counted = 0;
    options.on_line = [&](std::string_view line) {
        constexpr std::string_view word = "Collected : ";
        if (const auto at = line.find(word); at != std::string_view::npos) {
            counted = std::stod(std::string(line.substr(at + word.size())));
        }
    };
    const auto ended = base::run_child(options, {});
    const bool succeeded = ended.end == base::ChildResult::End::exited && ended.status == 0;
    return succeeded ? counted : 0;
}

void measure_instructions(const std::string& self, const std::filesystem::path& folder,
                          std::size_t count) {
    double bare = 0;
    for (const auto& subject : subjects) {
        const auto once = count_instructions(self, folder, subject.name, count);
        const auto thrice = count_instructions(self, folder, subject.name, 3 * count);
        if (once == 0 || thrice == 0) {
            std::printf("  not counted: this needs valgrind\n");
            return;
        }
        const auto each = (thrice - once) / static_cast<double>(2 * count);
        bare = bare == 0 ? each : bare;
        std::printf("  %-24s %6.1f k, %4.1f bare requests\n", subject.title, each / 1e3,
                    each / bare);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/cost_bench";
    const auto count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 4'000;
    if (argc > 3) {
        make(argv[3], folder)->run(count);
    } else {
        const bool counts = cost_so_far().instructions > 0;
        std::printf("processor time of everything in one process%s:\n",
                    counts ? "" : " (this machine counts no instructions)");
        measure_time(folder, count);
        if (!counts) {
            std::printf("instructions outside of the kernel, counted by valgrind:\n");
            measure_instructions(std::filesystem::read_symlink("/proc/self/exe"), folder, 1'000);
        }
    }
    std::filesystem::remove_all(folder);
}
