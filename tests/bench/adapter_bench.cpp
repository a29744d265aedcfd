// How much of a bare Beast server's speed is left when every request is a distinct encrypted
// callback that is verified, decrypted, committed and only then answered; and what a backlog costs.
//
//     adapter_bench [folder on the disk to measure [requests-a-round]]
//
// The host never settles anything, as with an agent that takes minutes: the backlog only grows.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "adapter.hpp"
#include "bare_server.hpp"
#include "load_driver.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "support/callback_xml.hpp"
#include "support/wecom_settings.hpp"

namespace {

using namespace hermes;
using namespace hermes::wecom;
using bench::drive;
using bench::LoadPlan;
using bench::LoadResult;

constexpr const char* corp = "ww0123456789abcdef";
constexpr const char* callback_token = "bench-callback-token";
constexpr const char* aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr std::size_t chats = 1'000;
constexpr std::size_t backlog = 100'000;
constexpr int rounds = 5;

class CountingHost final : public AdapterHost {
public:
    explicit CountingHost(std::string directory) : directory_(std::move(directory)) {}
    void on_message(MessageEvent) noexcept override {}
    void log(LogLevel level, std::string_view line) noexcept override {
        const auto at = line.find("127.0.0.1:");
        if (level == LogLevel::info && at != std::string_view::npos) {
            port = static_cast<std::uint16_t>(std::atoi(line.data() + at + 10));
        } else if (level >= LogLevel::warning) {
            std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
        }
    }
    LogLevel log_level() const noexcept override { return LogLevel::info; }  // as by default
    const std::string& data_directory() const noexcept override { return directory_; }

    std::atomic<std::uint16_t> port{0};

private:
    std::string directory_;
};

struct Gateway {
    explicit Gateway(const std::filesystem::path& folder) : host(folder.string()) {
        const std::string settings = std::string(R"({"host":"127.0.0.1","port":0,"threads":1,)") +
                                     R"("allow_all_users":true,"agent_id":1000002,"corp_id":")" +
                                     corp + R"(","corp_secret":"x","token":")" + callback_token +
                                     R"(","encoding_aes_key":")" + aes_key + "\"}";
        adapter = make_adapter(host, test::wecom_settings(settings), AdapterMode::gateway);
        const auto before = std::chrono::steady_clock::now();
        adapter->start();
        started_in = std::chrono::steady_clock::now() - before;
    }
    ~Gateway() { adapter->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10}); }

    CountingHost host;
    std::unique_ptr<PlatformAdapter> adapter;
    std::chrono::duration<double, std::milli> started_in{};
};

// Distinct callbacks of 100 characters from a thousand members.
std::vector<std::string> make_callbacks(std::size_t count) {
    static std::size_t next_id = 1;
    const auto key = EncodingAesKey::parse(aes_key).value();
    const auto now = std::to_string(std::time(nullptr));
    std::vector<std::string> requests;
    requests.reserve(count);
    for (std::size_t i = 0; i < count; ++i, ++next_id) {
        const auto inner = std::string("<xml><ToUserName><![CDATA[") + corp +
                           "]]></ToUserName><FromUserName><![CDATA[member" +
                           std::to_string(next_id % chats) + "]]></FromUserName><CreateTime>" +
                           now +
                           "</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" +
                           std::string(100, 'x') + "]]></Content><MsgId>" +
                           std::to_string(next_id) + "</MsgId><AgentID>1000002</AgentID></xml>";
        Envelope envelope{corp, "1000002", encrypt(key, inner, corp, RandomPrefix{})};
        const auto nonce = std::to_string(next_id);
        const CallbackQuery query{msg_signature(callback_token, now, nonce, envelope.encrypt), now,
                                  nonce, ""};
        const auto body = test::format_envelope(envelope);
        requests.push_back("POST /wecom/callback?" + format_callback_query(query) +
                           " HTTP/1.1\r\nHost: gateway\r\nContent-Type: text/xml\r\n"
                           "Content-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    return requests;
}

LoadResult run(std::uint16_t port, std::size_t connections, std::size_t count) {
    const auto requests = make_callbacks(count);
    LoadPlan plan;
    plan.port = port;
    plan.connections = connections;
    plan.requests = count;
    plan.request = [&](std::size_t i) -> const std::string& { return requests[i]; };
    auto result = drive(plan);
    if (result.answered != count) {
        std::fprintf(stderr, "%zu of %zu answered with 200\n", result.answered, count);
        std::exit(1);
    }
    return result;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double resident_megabytes() {
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double resident = 0;
    statm >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void compare(const char* name, const std::filesystem::path& folder, std::size_t connections,
             std::size_t count) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const bench::BareServer bare(1);
    const Gateway gateway(folder);
    std::vector<double> bare_rate, rate, ratio, bare_p50, p50;
    for (int round = 0; round <= rounds; ++round) {
        const auto reference = run(bare.port(), connections, count);
        const auto measured = run(gateway.host.port, connections, count);
        if (round > 0) {  // the first one warms up
            bare_rate.push_back(reference.per_second());
            rate.push_back(measured.per_second());
            ratio.push_back(measured.per_second() / reference.per_second());
            bare_p50.push_back(reference.latency_us(0.5));
            p50.push_back(measured.latency_us(0.5));
        }
    }
    std::printf(
        "%-24s %4zu connection(s): bare %7.0f/s, adapter %7.0f/s, ratio %.2f "
        "(%.2f to %.2f); p50 bare %.0f us, adapter %.0f us\n",
        name, connections, median(bare_rate), median(rate), median(ratio),
        *std::min_element(ratio.begin(), ratio.end()),
        *std::max_element(ratio.begin(), ratio.end()), median(bare_p50), median(p50));
}

void measure_backlog(const std::filesystem::path& folder, std::size_t count) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    {
        const Gateway gateway(folder);
        run(gateway.host.port, 64, count);
        std::vector<double> empty;
        for (int round = 0; round < rounds; ++round) {
            empty.push_back(run(gateway.host.port, 64, count).per_second());
        }
        const auto before = resident_megabytes();
        run(gateway.host.port, 64, backlog);
        std::vector<double> full;
        for (int round = 0; round < rounds; ++round) {
            full.push_back(run(gateway.host.port, 64, count).per_second());
        }
        std::printf(
            "backlog of %zu: %.0f/s with a small one, %.0f/s with it, ratio %.2f; memory "
            "%+.0f MB (with the driver's own)\n",
            backlog, median(empty), median(full), median(full) / median(empty),
            resident_megabytes() - before);
    }
    const Gateway again(folder);
    std::printf("restart with that backlog: listening after %.0f ms\n", again.started_in.count());
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path disk = argc > 1 ? argv[1] : "/var/tmp/adapter_bench";
    const std::filesystem::path memory = "/dev/shm/adapter_bench";
    const auto count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 20'000;
    std::printf(
        "%d rounds of %zu distinct callbacks, one server thread each, the driver in the same "
        "process; the candidates take turns; medians, also of each pair's ratio\n",
        rounds, count);
    compare("state in memory (tmpfs)", memory, 64, count);
    compare("state on disk", disk, 64, count);
    compare("state on disk", disk, 1, count / 10);
    measure_backlog(disk, count);
    std::filesystem::remove_all(disk);
    std::filesystem::remove_all(memory);
}
