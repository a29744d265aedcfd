// A stop is not an answer, a kill leaves nobody at work, and strangers starve nobody.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "support/eventually.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

// Waits until the agent's program, and the one that it runs, are there.
std::vector<pid_t> agent_at_work(const GatewayProcess& gateway) {
    std::vector<pid_t> found;
    eventually([&] {
        found = gateway.children();
        return found.size() >= 2;
    });
    return found;
}

bool is_running(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stat, text);
    const auto bracket = text.rfind(')');
    return bracket != std::string::npos && text[bracket + 2] != 'Z';
}

bool ends(pid_t pid) {
    return eventually([pid] { return !is_running(pid); });
}

constexpr const char* slow_agent = "agent: {kind: command, command: [sh, -c, 'sleep 60; cat']}\n";
constexpr const char* agent_that_sets_apart =
    "agent: {kind: command, command: [sh, -c, "
    "'setsid sleep 60 > /dev/null 2>&1 & echo $! > apart; wait']}\n";
constexpr const char* quick_agent = "agent: {kind: command, command: [sh, -c, 'echo done']}\n";

// Of a process in a session of its own, what is soon written there; 0 if nothing is.
pid_t session_in(const fs::path& file) {
    pid_t number = 0;
    eventually([&] {
        std::ifstream(file) >> number;
        return number != 0 && ::getsid(number) == number;
    });
    return number;
}

void replace_in_file(const fs::path& file, const std::string& what, const std::string& with) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    auto changed = text.str();
    const auto at = changed.find(what);
    REQUIRE(at != std::string::npos);
    changed.replace(at, what.size(), with);
    std::ofstream(file, std::ios::trunc) << changed;
}

enum class First { children, gateway };

}  // namespace

TEST_SUITE("e2e/stop") {
    TEST_CASE("a service manager that ends the whole group makes no question an apology") {
        for (const auto first : {First::children, First::gateway}) {
            GatewayRig rig("", slow_agent);
            CHECK(rig.write("hr", "alice", "question"));
            for (int restart = 0; restart < 5; ++restart) {
                const auto children = agent_at_work(*rig.gateway);
                REQUIRE(children.size() >= 2);
                if (first == First::gateway) {
                    ::kill(rig.gateway->pid(), SIGTERM);
                }
                for (const auto child : children) {
                    ::kill(child, SIGTERM);
                }
                CHECK(rig.gateway->stop() == 0);
                rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
            }
            CHECK(rig.wecom.send_calls().empty());
            CHECK(rig.gateway->stop() == 0);
            replace_in_file(rig.files.config(), slow_agent, quick_agent);
            rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
            CHECK(rig.answer("hr", "alice") == "done");
            CHECK(rig.gateway->stop() == 0);
            CHECK(rig.wecom.send_calls().size() == 1);
        }
    }

    TEST_CASE("an agent that ends by itself with an error is answered for, as ever") {
        GatewayRig rig("", "agent: {kind: command, command: [sh, -c, 'kill -TERM $$']}\n");
        CHECK(rig.write("hr", "alice", "question"));
        CHECK(rig.answer("hr", "alice").size() > 10);
    }

    TEST_CASE("what a killed gateway's agent was doing ends before its successor's begins") {
        GatewayRig rig("", slow_agent);
        CHECK(rig.write("hr", "alice", "question"));
        const auto before = agent_at_work(*rig.gateway);
        REQUIRE(before.size() >= 2);
        rig.gateway->kill();
        for (const auto pid : before) {
            CHECK(is_running(pid));
        }
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        for (const auto pid : before) {
            CHECK(ends(pid));
        }
        const auto after = agent_at_work(*rig.gateway);
        CHECK(after.size() >= 2);
        CHECK(rig.files.log().find("that an earlier gateway left behind were ended") !=
              std::string::npos);
    }

    TEST_CASE("what an agent set apart outlives a clean stop, and not the next start") {
        GatewayRig rig("", agent_that_sets_apart);
        CHECK(rig.write("hr", "alice", "question"));
        const auto apart = session_in(rig.files.config().parent_path() / "apart");
        REQUIRE(apart > 0);
        CHECK(rig.gateway->stop() == 0);
        CHECK(is_running(apart));
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(ends(apart));
        CHECK(rig.files.log().find("that an earlier gateway left behind were ended") !=
              std::string::npos);
    }

    TEST_CASE("silent connections of a stranger starve neither WeCom nor the agent") {
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        // As services and shells have it, and where an administrator allows no more than that.
        for (const auto hard : {before.rlim_max, rlim_t{1'024}}) {
            const rlimit service{1'024, hard};
            REQUIRE(::setrlimit(RLIMIT_NOFILE, &service) == 0);
            GatewayRig rig("", "agent: {kind: command, command: [cat]}\n");
            const rlimit ours{before.rlim_max, before.rlim_max};
            if (::setrlimit(RLIMIT_NOFILE, &ours) != 0) {
                return;  // only root gets it back
            }
            std::vector<HttpSocket> silent;
            for (int i = 0; i < 1'100; ++i) {
                if (auto socket = HttpSocket::try_connect(rig.files.port())) {
                    silent.push_back(std::move(*socket));
                }
            }
            for (int i = 0; i < 6; ++i) {
                CHECK(rig.write("hr", "member" + std::to_string(i), "question"));
            }
            for (int i = 0; i < 6; ++i) {
                CHECK(rig.answer("hr", "member" + std::to_string(i)).find("question") !=
                      std::string::npos);
            }
            CHECK(rig.gateway->stop() == 0);
        }
        ::setrlimit(RLIMIT_NOFILE, &before);
    }
}

}  // namespace hermes::test
