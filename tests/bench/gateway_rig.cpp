#include "gateway_rig.hpp"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "support/callback_xml.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::bench {

using namespace hermes::wecom;

namespace {

constexpr const char* corp = "ww5f0e1d2c3b4a6978";
constexpr const char* callback_token = "benchCallbackToken";
constexpr const char* aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

const std::string text = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" +
                         std::string(100, 'x') + "]]></Content>";
const std::string picture =
    "<MsgType><![CDATA[image]]></MsgType><PicUrl/><MediaId><![CDATA[media]]></MediaId>";

std::vector<std::string> make_callbacks(std::size_t count, std::size_t chats,
                                        const std::string& content) {
    static std::atomic<std::size_t> ids{1};  // drivers may prepare side by side
    const auto key = EncodingAesKey::parse(aes_key).value();
    const auto now = std::to_string(std::time(nullptr));
    std::vector<std::string> requests;
    requests.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto next_id = ids++;
        const auto inner = std::string("<xml><ToUserName><![CDATA[") + corp +
                           "]]></ToUserName><FromUserName><![CDATA[member" +
                           std::to_string(next_id % chats) + "]]></FromUserName><CreateTime>" +
                           now + "</CreateTime>" + content + "<MsgId>" + std::to_string(next_id) +
                           "</MsgId><AgentID>1000002</AgentID></xml>";
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

int open_counter() {
    perf_event_attr wanted{};
    wanted.type = PERF_TYPE_HARDWARE;
    wanted.size = sizeof wanted;
    wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
    wanted.inherit = 1;
    wanted.exclude_kernel = 1;
    wanted.exclude_hv = 1;
    return static_cast<int>(::syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0));
}

}  // namespace

void CountingHost::log(LogLevel level, std::string_view line) noexcept {
    const auto at = line.find("127.0.0.1:");
    if (level == LogLevel::info && at != std::string_view::npos) {
        port = static_cast<std::uint16_t>(std::atoi(line.data() + at + 10));
    } else if (level >= LogLevel::warning) {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    }
}

Gateway::Gateway(const std::filesystem::path& folder, const std::string& api_base,
                 std::function<void(MessageEvent)> heard, AdapterOverrides overrides,
                 const std::string& state)
    : host(folder.string()) {
    host.heard = std::move(heard);
    const std::string settings = std::string(R"({"host":"127.0.0.1","port":0,"threads":1,)") +
                                 R"("allow_all_users":true,"agent_id":1000002,"corp_id":")" + corp +
                                 R"(","corp_secret":"x","token":")" + callback_token +
                                 R"(","encoding_aes_key":")" + aes_key + R"(","api_base":")" +
                                 (api_base.empty() ? "https://127.0.0.1:9" : api_base) +
                                 (state.empty() ? "" : R"(","state":")" + state) + "\"}";
    adapter = make_adapter(host, test::wecom_settings(settings), AdapterMode::gateway,
                           std::move(overrides));
    const auto before = std::chrono::steady_clock::now();
    adapter->start();
    started_in = std::chrono::steady_clock::now() - before;
}

Gateway::~Gateway() {
    adapter->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10});
}

void must_be_delivered(const SendResult& result) {
    if (result.status != SendStatus::delivered) {
        std::fprintf(stderr, "not delivered: %s\n", result.detail.c_str());
        std::exit(1);
    }
}

std::filesystem::path fresh(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

std::string chat_of(std::size_t member) {
    return std::string(corp) + ":member" + std::to_string(member);
}

namespace {

LoadResult run(std::uint16_t port, std::size_t connections, std::size_t count,
               const std::vector<std::string>& requests) {
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

}  // namespace

LoadResult run_callbacks(std::uint16_t port, std::size_t connections, std::size_t count,
                         std::size_t chats) {
    return run(port, connections, count, make_callbacks(count, chats, text));
}

void run_pictures(std::uint16_t port, std::size_t count) {
    run(port, 1, count, make_callbacks(count, count, picture));
}

Cost cost_so_far() {
    static const int counter = open_counter();
    Cost cost;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    cost.cpu_us = us(used.ru_utime) + us(used.ru_stime);
    std::uint64_t instructions = 0;
    if (counter >= 0 &&
        ::read(counter, &instructions, sizeof instructions) == sizeof instructions) {
        cost.instructions = static_cast<double>(instructions);
    }
    return cost;
}

double cpu_us_of_children(pid_t parent) {
    if (parent == 0) {
        return 0;  // the kernel's own
    }
    double ticks = 0;
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
        std::ifstream stat(process.path() / "stat");
        std::string line;
        if (!std::getline(stat, line) || line.rfind(')') == std::string::npos) {
            continue;
        }
        std::istringstream fields(line.substr(line.rfind(')') + 2));
        std::string state;
        pid_t its_parent = 0;
        fields >> state >> its_parent;
        if (its_parent != parent) {
            continue;
        }
        std::string skipped;
        for (int field = 0; field < 9; ++field) {  // up to cmajflt (proc(5))
            fields >> skipped;
        }
        double user = 0, system = 0;
        fields >> user >> system;
        ticks += user + system;
    }
    return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace hermes::bench
