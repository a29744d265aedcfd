// What it takes to bring large files in: time, and memory, which is not to grow with them.
//
//     files_bench [folder on the disk to measure]
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

#include "gateway_rig.hpp"
#include "support/http_scripted_server.hpp"

namespace {

using namespace hermes;
using namespace hermes::bench;
using std::chrono::steady_clock;

constexpr std::size_t file_bytes = 20'000'000;

// WeCom, as far as it takes: every file is the same block again and again.
void serve(test::HttpSocket& connection) {
    static const std::string block(50'000, 'x');
    while (const auto request = connection.read_message()) {
        if (!request->head.starts_with("GET /cgi-bin/media/get")) {  // the token, members' names
            connection.send(test::http_ok(
                R"({"errcode":0,"errmsg":"ok","access_token":"bench","expires_in":7200})"));
            continue;
        }
        connection.send("HTTP/1.1 200 OK\r\nContent-Disposition: attachment\r\nContent-Length: " +
                        std::to_string(file_bytes) + "\r\n\r\n");
        for (std::size_t sent = 0; sent < file_bytes; sent += block.size()) {
            connection.send(block);
        }
    }
}

class Arrivals {
public:
    void add(const MessageEvent& event) {
        const std::lock_guard lock(mutex_);
        if (event.attachments.size() != 1 || event.attachments[0].size != file_bytes) {
            std::fprintf(stderr, "a file did not come: %s\n", event.text.c_str());
            std::exit(1);
        }
        ++count_;
        added_.notify_all();
    }
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        added_.wait(lock, [&] { return count_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable added_;
    std::size_t count_ = 0;
};

// In megabytes; "VmRSS:" is what it is, "VmHWM:" the most that it was since it was forgotten.
double memory(const std::string& which) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == which) {
            double kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1024;
        }
    }
    return 0;
}

void forget_the_most() {
    std::ofstream("/proc/self/clear_refs") << 5;
}

void measure(const std::filesystem::path& folder) {
    const test::HttpScriptedServer wecom(
        [](test::HttpSocket& connection, int) { serve(connection); });
    Arrivals arrivals;
    Gateway gateway(folder, "http://" + wecom.address(),
                    [&](const MessageEvent& event) { arrivals.add(event); });
    std::size_t so_far = 0;
    const auto bring = [&](std::size_t count) {
        const auto start = steady_clock::now();
        run_pictures(gateway.host.port, count);
        arrivals.wait_for(so_far += count);
        return std::chrono::duration<double>(steady_clock::now() - start).count();
    };
    bring(1);  // what the first one costs
    for (const std::size_t count : {1, 8}) {
        const auto idle = memory("VmRSS:");
        forget_the_most();
        const auto took = bring(count);
        std::printf("%zu of 20 MB at a time: %.2f s, %.0f MB/s; memory grew from %.1f by %.1f MB\n",
                    count, took, 20.0 * static_cast<double>(count) / took, idle,
                    memory("VmHWM:") - idle);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/files_bench";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    measure(folder);
    std::filesystem::remove_all(folder);
}
