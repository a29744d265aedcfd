// How fast replies leave past an API that takes as long as WeCom's does.
//
//     reply_bench [folder on the disk to measure [replies]]
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "bare_server.hpp"
#include "gateway_rig.hpp"

namespace {

using namespace hermes;
using namespace hermes::bench;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds usual_latency{200};
// When each result came.
class Results {
public:
    void add() {
        const std::lock_guard lock(mutex_);
        times_.push_back(steady_clock::now());
        added_.notify_all();
    }
    std::vector<steady_clock::time_point> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        added_.wait(lock, [&] { return times_.size() >= count; });
        return times_;
    }

private:
    std::mutex mutex_;
    std::condition_variable added_;
    std::vector<steady_clock::time_point> times_;
};

// Replies to as many members as there are, past an API that takes its time.
void measure_latency(const std::filesystem::path& folder, std::size_t count) {
    const BareServer api(1, api_answer, usual_latency);
    Results results;
    Gateway gateway(fresh(folder), api.url());
    const auto start = steady_clock::now();
    for (std::size_t n = 0; n < count; ++n) {
        gateway.adapter->send({.chat = {chat_of(n)}, .account = {}, .reply_to = {}, .text = "done"},
                              [&](const SendResult& result) {
                                  must_be_delivered(result);
                                  results.add();
                              });
    }
    const auto times = results.wait_for(count);
    const auto rate = [&](std::size_t from, std::size_t to) {
        const auto since = from == 0 ? start : times[from - 1];
        const std::chrono::duration<double> took = times[to - 1] - since;
        return static_cast<double>(to - from) / took.count();
    };
    std::printf("  all %zu: %.0f/s; the last half of them: %.0f/s\n", count, rate(0, count),
                rate(count / 2, count));
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/reply_bench";
    const auto count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 5'000;
    std::printf("replies of one app past an API that takes %d ms:\n",
                static_cast<int>(usual_latency.count()));
    measure_latency(folder, count);
    std::filesystem::remove_all(folder);
}
