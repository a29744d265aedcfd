#include <doctest/doctest.h>

#include <fstream>

#include "http/http_server.hpp"
#include "support/e2e_world.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

constexpr const char* api = "http://127.0.0.1:9";

Finished start(const GatewayFiles& files, const Variables& variables = {}) {
    return run_host({"gateway", "start", "--config", files.config().string()}, variables);
}

void replace_in_config(const GatewayFiles& files, const std::string& from, const std::string& to) {
    std::ostringstream text;
    text << std::ifstream(files.config()).rdbuf();
    auto yaml = text.str();
    const auto at = yaml.find(from);
    REQUIRE(at != std::string::npos);
    std::ofstream(files.config()) << yaml.replace(at, from.size(), to);
}

// One line of `text` holds every one of `words`.
bool one_line_has(const std::string& text, const std::vector<std::string>& words) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        bool all = true;
        for (const auto& word : words) {
            all = all && line.find(word) != std::string::npos;
        }
        if (all) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_SUITE("e2e/bad_setup") {
    TEST_CASE("a mistake in the settings is one line with its key, and exit code 2") {
        struct Case {
            std::string from, to;
            std::vector<std::string> words;
        };
        const std::vector<Case> cases{
            {"token: callbackTokenOfit\n",
             "tokn: callbackTokenOfit\n",
             {"platforms.wecom_callback.extra.apps[1].tokn", "token"}},
            {"corp_secret: corp-secret-of-it\n", "\n", {"apps[1].corp_secret", "missing"}},
            {"encoding_aes_key: it", "encoding_aes_key: i", {"apps[1].encoding_aes_key", "42"}},
            {"agent_id: 1000003", "agent_id: [1]", {"apps[1].agent_id"}},
            {"agent_id: 1000003", "agent_id: abc", {"apps[1].agent_id"}},
            {"api_base: http", "api_bse: http", {"extra.api_bse", "api_base"}},
            {"data_dir: data", "data_dri: data", {"data_dri", "data_dir"}},
            {"data_dir: data",
             "data_dir: data\nagents: [{accounts: [hr, itt], kind: echo}]",
             {"agents[0].accounts", "itt", "did you mean it"}},
            {"data_dir: data",
             "data_dir: data\nwatch: {tell: 'hrr:ww1:alice'}",
             {"watch.tell: there is no app hrr (configured: hr, it, sales)"}},
            {"data_dir: data\nplatforms:",
             "data_dir: data\nwatch: {tell: 'hrr:ww1:alice'}\nplatforms:\n  echo_platform: "
             "{enabled: true}",
             {"watch.tell: there is no app hrr (configured: hr, it, sales)"}},
            {"port: ",
             "state: ${HERMES_STATE}\n      port: ",
             {"extra.state holds ${HERMES_STATE}", "set WECOM_CALLBACK_STATE instead"}},
            {"enabled: true", "enabled: maybe", {"platforms.wecom_callback.enabled"}},
        };
        for (const auto& bad : cases) {
            const GatewayFiles files(three_apps_world(), api);
            replace_in_config(files, bad.from, bad.to);
            const auto finished = start(files);
            CAPTURE(bad.to);
            CAPTURE(finished.err);
            CHECK(finished.exit_code == 2);
            CHECK(one_line_has(finished.err, bad.words));
            CHECK(finished.err.find("secret-of-") == std::string::npos);
            const auto checked = run_host({"config", "check", "--config", files.config().string()});
            CHECK(checked.exit_code == 2);
            CHECK(one_line_has(checked.out + checked.err, bad.words));
        }
    }

    TEST_CASE("an app without a name among several can have no agent of its own") {
        const GatewayFiles files(three_apps_world(), api);
        replace_in_config(files, "- name: it\n          corp_id", "- corp_id");
        replace_in_config(files, "data_dir: data",
                          "data_dir: data\nagents: [{accounts: ['#2'], kind: echo}]");
        const auto finished = start(files);
        CHECK(finished.exit_code == 2);
        CHECK(one_line_has(finished.err, {"agents[0].accounts: #2 is an app without a name: give "
                                          "it a `name`"}));
    }

    TEST_CASE("an unreadable or broken file is one line with its name, and exit code 2") {
        const GatewayFiles files(three_apps_world(), api);
        CHECK(run_host({"gateway", "start", "--config", "/nowhere/config.yaml"}).exit_code == 2);
        std::ofstream(files.config()) << "platforms: [\n";
        const auto finished = start(files);
        CHECK(finished.exit_code == 2);
        CHECK(one_line_has(finished.err, {"config.yaml"}));
        CHECK(run_host({"gateway", "dance"}).exit_code == 2);
    }

    TEST_CASE("a variable for one app beside a list of apps is refused") {
        const GatewayFiles files(three_apps_world(), api);
        const auto finished = start(files, {"WECOM_CALLBACK_CORP_ID=ww9"});
        CHECK(finished.exit_code == 2);
        CHECK(one_line_has(finished.err, {"WECOM_CALLBACK_CORP_ID", "apps"}));
    }

    TEST_CASE("a taken port is one line that names it, and exit code 1") {
        http::HttpServer other({}, [](const auto&, auto respond) { respond({}); });
        other.start();
        const GatewayFiles files(three_apps_world(), api);
        const auto port = std::to_string(other.port());
        const auto finished = start(files, {"WECOM_CALLBACK_PORT=" + port});
        CHECK(finished.exit_code == 1);
        CHECK(one_line_has(finished.err, {"wecom_callback", "127.0.0.1:" + port, "in use"}));
    }

    TEST_CASE("two gateways on one state: the second is refused with one line") {
        const GatewayFiles files(three_apps_world(), api);
        GatewayProcess first(files.config());
        const auto finished = start(files, {"WECOM_CALLBACK_PORT=" + std::to_string(free_port())});
        CHECK(finished.exit_code == 1);
        CHECK(one_line_has(finished.err,
                           {"another gateway", "process " + std::to_string(first.pid())}));
        CHECK(first.stop() == 0);
    }

    TEST_CASE("a state file that is no database, or can't be written, is one line with its name") {
        const GatewayFiles files(three_apps_world(), api);
        const auto bad = files.directory() / "state.db";
        std::ofstream(bad) << std::string(4096, 'x');
        auto finished = start(files, {"WECOM_CALLBACK_STATE=" + bad.string()});
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 1);
        CHECK(one_line_has(finished.err, {"state.db"}));
        finished = start(files, {"WECOM_CALLBACK_STATE=/nowhere/state.db"});
        CHECK(finished.exit_code == 1);
        CHECK(one_line_has(finished.err, {"/nowhere"}));
    }

    TEST_CASE("a file that is no plugin costs one line, and the gateway goes on without it") {
        const GatewayFiles files(three_apps_world(), api);
        const auto plugins = files.directory() / "plugins";
        fs::create_directory(plugins);
        fs::copy(built_file("plugins/libwecom_callback.so"), plugins / "libwecom_callback.so");
        std::ofstream(plugins / "libbroken.so") << "not a library";
        replace_in_config(files, built_file("plugins"), plugins.string());
        {
            GatewayProcess gateway(files.config());
            CHECK(gateway.ready_line().find("wecom_callback") != std::string::npos);
            CHECK(gateway.stop() == 0);
        }
        CHECK(one_line_has(files.log(), {"libbroken.so"}));
    }
}

}  // namespace hermes::test
