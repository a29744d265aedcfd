// The gateway under a service manager: what it tells of itself, and what goes into the journal.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "support/notify_socket.hpp"

namespace hermes::test {

TEST_SUITE("e2e/service") {
    TEST_CASE("the service manager is told when the gateway is ready, that it lives, and its end") {
        const TempDirectory folder;
        const NotifySocket manager((folder.path() / "notify").string());
        const GatewayRig rig("", "",
                             {"NOTIFY_SOCKET=" + manager.address(), "WATCHDOG_USEC=300000"});
        CHECK(manager.told() == "READY=1\nSTATUS=gateway ready: wecom_callback");
        CHECK(manager.told() == "WATCHDOG=1");
        CHECK(manager.told() == "WATCHDOG=1");
        rig.gateway->signal_all(SIGSTOP);
        while (manager.told(std::chrono::milliseconds(0)) == "WATCHDOG=1") {
        }
        CHECK(manager.told(std::chrono::milliseconds(500)) == "nothing");
        rig.gateway->signal_all(SIGCONT);
        CHECK(manager.told() == "WATCHDOG=1");
        CHECK(rig.gateway->stop() == 0);
        std::string told = manager.told();
        while (told == "WATCHDOG=1") {
            told = manager.told();
        }
        CHECK(told == "STOPPING=1");
        CHECK(manager.told(std::chrono::milliseconds(0)) == "nothing");
    }

    TEST_CASE("an agent is not told of the service manager") {
        const TempDirectory folder;
        const NotifySocket manager((folder.path() / "notify").string());
        GatewayRig rig("", "agent: {kind: command, command: [sh, -c, env]}\n",
                       {"NOTIFY_SOCKET=" + manager.address(), "WATCHDOG_USEC=30000000"});
        REQUIRE(rig.write("hr", "alice", "what is there?"));
        const auto answer = rig.answer("hr", "alice");
        CHECK(answer.find("PATH=") != std::string::npos);
        CHECK(answer.find("NOTIFY_SOCKET") == std::string::npos);
        CHECK(answer.find("WATCHDOG") == std::string::npos);
    }

    TEST_CASE("without a service manager nothing is different") {
        GatewayRig rig;
        REQUIRE(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice") == "echo: hello");
        CHECK(rig.gateway->stop() == 0);
    }
}

namespace {

namespace fs = std::filesystem;

// Moves each app's secrets into files, and names those in the configuration.
void move_secrets(const GatewayFiles& files, const fs::path& folder, const std::string& named) {
    std::ifstream old(files.config());
    std::ostringstream moved;
    int count = 0;
    for (std::string line; std::getline(old, line);) {
        for (const std::string setting : {"corp_secret: ", "token: ", "encoding_aes_key: "}) {
            const auto at = line.find(setting);
            if (at != std::string::npos && line.find_first_not_of(' ') == at) {
                const auto file = std::to_string(++count);
                std::ofstream(folder / file) << line.substr(at + setting.size()) << '\n';
                fs::permissions(folder / file, fs::perms::owner_read);
                line.replace(
                    at, std::string::npos,
                    setting.substr(0, setting.size() - 2) + "_file: " + named + '/' + file);
            }
        }
        moved << line << '\n';
    }
    old.close();
    std::ofstream(files.config(), std::ios::trunc) << moved.str();
}

}  // namespace

TEST_SUITE("e2e/secret_files") {
    TEST_CASE("a gateway works with nothing but credentials of its service manager") {
        const TempDirectory credentials;
        const Variables service{"CREDENTIALS_DIRECTORY=" + credentials.path().string()};
        GatewayRig rig("", "agent: {kind: command, command: [sh, -c, env]}\n");
        REQUIRE(rig.gateway->stop() == 0);
        move_secrets(rig.files, credentials.path(), "${CREDENTIALS_DIRECTORY}");
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config(), service);
        REQUIRE(rig.write("hr", "alice", "hello"));
        CHECK(rig.answer("hr", "alice").find("CREDENTIALS_DIRECTORY") == std::string::npos);

        const std::vector<std::string> doctor{"doctor", "--config", rig.files.config().string()};
        const auto quiet = run_host(doctor, service);
        CAPTURE(quiet.out);
        CHECK(quiet.exit_code == 0);
        CHECK(quiet.out.find("secrets") == std::string::npos);
        fs::permissions(credentials.path() / "2", fs::perms(0644));
        check_told(run_host(doctor, service).out,
                   "warning  secrets: " + (credentials.path() / "2").string() +
                       " can be read by every user of this machine");
        const auto outside = run_host(doctor);
        CHECK(outside.exit_code == 2);
        check_told(outside.err,
                   "platforms.wecom_callback.extra.apps[0].corp_secret_file: the variable "
                   "CREDENTIALS_DIRECTORY is not set");
    }

    TEST_CASE("a reload takes the files anew") {
        GatewayRig rig;
        REQUIRE(rig.gateway->stop() == 0);
        move_secrets(rig.files, rig.files.directory(), ".");
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        const auto file = rig.files.directory() / "1";
        fs::permissions(file, fs::perms::owner_all);
        std::ofstream(file) << "another\n";
        ::kill(rig.gateway->pid(), SIGHUP);
        CHECK(eventually([&] {
            return rig.files.log().find("apps[hr].corp_secret: another value") != std::string::npos;
        }));
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a secret in a file that is not the one in the console fails as any other") {
        GatewayRig rig;
        REQUIRE(rig.gateway->stop() == 0);
        move_secrets(rig.files, rig.files.directory(), ".");
        fs::permissions(rig.files.directory() / "1", fs::perms::owner_all);
        std::ofstream(rig.files.directory() / "1") << "one\ntwo\n";
        const auto check = run_host({"config", "check", "--config", rig.files.config().string()});
        CHECK(check.exit_code != 0);
        check_told(check.err + check.out,
                   (rig.files.directory() / "1").string() + ", line 2: a secret is one line");
        CHECK((check.err + check.out).find("two") == std::string::npos);
    }
}

}  // namespace hermes::test
