// What a reply with a file of 20 MB costs: memory, time, and those who are acknowledged beside it.
// Prints, and fails nobody.
//
//     files_out_bench [folder on the disk to measure [callbacks]]
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gateway_rig.hpp"
#include "support/http_scripted_server.hpp"

namespace {

using namespace hermes;
using namespace hermes::bench;
using std::chrono::steady_clock;

constexpr std::size_t file_bytes = 20'000'000;
constexpr std::size_t connections = 8;
constexpr int rounds = 3;
// Fits any call that we make.
constexpr const char* api_answer =
    R"({"errcode":0,"errmsg":"ok","access_token":"bench","expires_in":7200,"msgid":"m",)"
    R"("media_id":"bench"})";

// WeCom that takes what comes and keeps nothing of it: its memory is this process's.
void take_and_forget(test::HttpSocket& connection) {
    while (const auto head = connection.read_head()) {
        const auto length = head->find("Content-Length: ");
        auto left = length == std::string::npos
                        ? 0UL
                        : std::strtoul(head->c_str() + length + 16, nullptr, 10);
        while (left > 0) {
            const auto piece = std::min(left, 65'536UL);
            if (!connection.read_bytes(piece)) {
                return;
            }
            left -= piece;
        }
        connection.send(test::http_ok(api_answer));
    }
}

long status_kilobytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        long kilobytes = 0;
        if (word == name && status >> kilobytes) {
            return kilobytes;
        }
    }
    return 0;
}

void forget_the_peak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

// Another file each time, so that it is uploaded each time.
std::string write_file(const std::filesystem::path& folder, int number) {
    const auto path = (folder / ("file" + std::to_string(number) + ".bin")).string();
    std::ofstream out(path, std::ios::binary);
    std::string block(1'000'000, '\0');
    for (std::size_t n = 0; n < block.size(); ++n) {
        block[n] = static_cast<char>(n * n / 7 + static_cast<std::size_t>(number));
    }
    for (std::size_t written = 0; written < file_bytes; written += block.size()) {
        out << block;
    }
    return path;
}

void send_file(Gateway& gateway, const std::string& path, std::size_t member) {
    std::promise<SendResult> told;
    OutboundMessage message;
    message.chat = {chat_of(member)};
    message.attachments = {{.kind = MessageKind::file, .path = path}};
    gateway.adapter->send(std::move(message),
                          [&](const SendResult& result) { told.set_value(result); });
    const auto result = told.get_future().get();
    if (result.status != SendStatus::delivered) {
        std::fprintf(stderr, "not delivered: %s\n", result.detail.c_str());
        std::exit(1);
    }
}

void measure_alone(Gateway& gateway, const std::filesystem::path& folder) {
    send_file(gateway, write_file(folder, 0), 0);  // warms up
    for (int round = 1; round <= rounds; ++round) {
        const auto path = write_file(folder, round);
        const auto before = status_kilobytes("VmRSS:");
        forget_the_peak();
        const auto start = steady_clock::now();
        send_file(gateway, path, static_cast<std::size_t>(round));
        const std::chrono::duration<double> took = steady_clock::now() - start;
        std::printf(
            "  20 MB stored, uploaded and sent in %.2f s; memory above idle at most %ld kB\n",
            took.count(), status_kilobytes("VmHWM:") - before);
    }
}

// The same callbacks without and with files on their way, in turn. The files are on disk before:
// not what it takes to make them is measured.
void measure_beside(Gateway& gateway, const std::filesystem::path& folder, std::size_t callbacks) {
    constexpr int files_max = 40;
    std::vector<std::string> paths;
    for (int number = 0; number < files_max; ++number) {
        paths.push_back(write_file(folder, 100 + number));
    }
    ::sync();
    std::size_t number = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto alone = run_callbacks(gateway.host.port, connections, callbacks);
        std::atomic<bool> ending{false};
        int files = 0;
        std::thread sender([&] {
            while (!ending && number < paths.size()) {
                send_file(gateway, paths[number], 100 + number);
                ++number;
                ++files;
            }
        });
        const auto beside = run_callbacks(gateway.host.port, connections, callbacks);
        ending = true;
        sender.join();
        std::printf(
            "  acknowledged within (p50, p99): alone %u and %u us, beside %d file(s) %u and "
            "%u us: p99 %.2f times\n",
            alone.latency_us(0.5), alone.latency_us(0.99), files, beside.latency_us(0.5),
            beside.latency_us(0.99),
            static_cast<double>(beside.latency_us(0.99)) /
                static_cast<double>(alone.latency_us(0.99)));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : "/var/tmp/files_out_bench";
    const std::size_t callbacks = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const test::HttpScriptedServer api(
        [](test::HttpSocket& connection, int) { take_and_forget(connection); });
    {
        Gateway gateway(folder, "http://" + api.address());
        std::printf("a file of 20 MB to a member\n");
        measure_alone(gateway, folder);
        std::printf("callbacks, %zu connections\n", connections);
        measure_beside(gateway, folder, callbacks);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
