// Two gateways on one PostgreSQL behind the load balancers that the documentation shows.
#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>

#include "base/process.hpp"
#include "e2e/gateway_rig.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

constexpr const char* quiet = "log: {level: warning}\n";

// The documentation's file, with addresses of this machine.
std::string adapted(const std::string& name, std::uint16_t port,
                    const std::vector<std::uint16_t>& gateways) {
    std::ostringstream read;
    read << std::ifstream(source_file("docs/front/" + name)).rdbuf();
    auto text = read.str();
    const auto replace = [&](const std::string& what, const std::string& by) {
        const auto at = text.find(what);
        REQUIRE(at != std::string::npos);
        text.replace(at, what.size(), by);
    };
    const auto local = [](std::uint16_t number) { return "127.0.0.1:" + std::to_string(number); };
    replace("10.0.0.11:8645", local(gateways.at(0)));
    replace("10.0.0.12:8645", local(gateways.at(1)));
    replace(name == "nginx.conf" ? "listen 8080" : "*:8080",
            (name == "nginx.conf" ? "listen " : "") + local(port));
    return text;
}

class Front {
public:
    Front(const std::string& name, const std::vector<std::uint16_t>& gateways)
        : port(free_port()), file_(directory_.path() / name) {
        std::ofstream(file_) << adapted(name, port, gateways);
        const auto folder = directory_.path().string();
        const std::vector<std::string> command =
            name == "nginx.conf"
                ? std::vector<std::string>{find_program("nginx"),
                                           "-p",
                                           folder,
                                           "-c",
                                           file_.string(),
                                           "-e",
                                           folder + "/errors",
                                           "-g",
                                           "daemon off; pid " + folder +
                                               "/pid; master_process off;"}
                : std::vector<std::string>{find_program("haproxy"), "-db", "-f", file_.string()};
        auto started = base::Process::start({.command = command,
                                             .output = base::Stream::null,
                                             .errors = base::Stream::null,
                                             .signal_at_our_end = SIGKILL});
        REQUIRE(started.has_value());
        process_ = *std::move(started);
    }

    const std::uint16_t port;

private:
    TempDirectory directory_;
    std::filesystem::path file_;
    base::Process process_;
};

// A member writes; WeCom's own repetitions are its patience.
void check_answer(sim::WecomSimulator& wecom, const std::string& text) {
    CAPTURE(text);
    CHECK(wecom.write("hr", "alice", sim::text_message(text)).acknowledged);
    CHECK(wecom.wait_for_delivery({.app = "hr", .content = "echo: " + text}, patience));
}

// What is for the operator does not come through.
void check_hidden(const std::string& front) {
    for (const auto* path : {"/health", "/metrics", "/", "/wecom/callback/"}) {
        CAPTURE(path);
        CHECK(fetch("GET", front + path).status == 404);
    }
}

// What the operator is told of both, and that one can be emptied.
void check_view(const GatewayFiles& files) {
    const auto shown = files.state({"gateways"});
    CHECK(shown.exit_code == 0);
    const std::regex line(
        "gateway (\\d+) \\(.*, process \\d+\\), since .*: \\d+ of 64 shards, "
        "0 events and 0 messages wait\n");
    CHECK(std::distance(std::sregex_iterator(shown.out.begin(), shown.out.end(), line), {}) == 2);
    std::smatch first;
    REQUIRE(std::regex_search(shown.out, first, line));
    CHECK(files.state({"drain", first[1]}).exit_code == 0);
    CHECK(eventually([&] {
        return files.state({"gateways"}).out.find(": 0 of 64 shards") != std::string::npos;
    }));
    CHECK(files.state({"drain", first[1], "--undo"}).exit_code == 0);
    const auto unknown = files.state({"drain", "999"});
    CHECK(unknown.exit_code != 0);
    CHECK(unknown.err.find("there is no gateway 999: see `state gateways`") != std::string::npos);
}

}  // namespace

TEST_SUITE("e2e/front") {
    TEST_CASE("behind nginx and behind HAProxy any gateway may end, and members notice nothing") {
        for (const std::string name : {"nginx.conf", "haproxy.cfg"}) {
            REQUIRE_FALSE(find_program(name == "nginx.conf" ? "nginx" : "haproxy").empty());
            CAPTURE(name);
            sim::SimulatorOptions options;
            options.callback_retry_pause = 100ms;
            sim::WecomSimulator wecom(three_apps_world(), options);
            wecom.start();
            const auto state = "state: \"" + PostgresServer::instance().create_database() + "\"\n";
            GatewayFiles one(wecom.world(), wecom.api_base(), state, quiet);
            GatewayFiles two(wecom.world(), wecom.api_base(), state, quiet);
            auto first = std::make_unique<GatewayProcess>(one.config());
            auto second = std::make_unique<GatewayProcess>(two.config());
            const Front front(name, {one.port(), two.port()});
            const auto address = "http://127.0.0.1:" + std::to_string(front.port);
            wecom.set_callback_url("hr", address + "/wecom/callback");
            CHECK(eventually([&] { return wecom.verify_url("hr").verified; }));
            check_hidden(address);
            for (int n = 0; n < 4; ++n) {
                check_answer(wecom, "both " + std::to_string(n));
            }
            check_view(one);
            first->kill();
            check_answer(wecom, "one was killed");
            first = std::make_unique<GatewayProcess>(one.config());
            CHECK(second->stop() == 0);
            check_answer(wecom, "the other was stopped");
            CHECK(first->stop() == 0);
        }
    }
}

}  // namespace hermes::test
