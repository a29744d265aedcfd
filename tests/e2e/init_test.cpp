// `init`: from a few answers on stdin to a gateway that answers.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

const Variables in_english{"LC_ALL=C.UTF-8"};

// With Tokens as the console takes them.
sim::World world_of_console() {
    auto world = three_apps_world();
    for (auto& app : world.apps) {
        app.callback_token = base::Secret("callbackTokenOf" + app.name);
    }
    return world;
}

struct Newcomer {
    Newcomer() : wecom(world_of_console()), api_base(GatewayRig::started(wecom)) {}

    std::filesystem::path file(const std::string& name) const { return folder.path() / name; }
    std::vector<std::string> init(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"init",
                                       "--config",
                                       file("config.yaml").string(),
                                       "--plugins-dir",
                                       built_file("plugins"),
                                       "--set",
                                       "api_base=" + api_base,
                                       "--set",
                                       "port=" + std::to_string(port)};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    // One line an answer, in the order of the questions.
    std::string answers(std::size_t app, const std::string& users = "*") const {
        const auto& values = wecom.world().apps.at(app);
        return values.corp_id + '\n' + std::to_string(values.agent_id) + '\n' +
               values.corp_secret.expose_secret() + '\n' + values.callback_token.expose_secret() +
               '\n' + values.encoding_aes_key.expose_secret() + '\n' + users + '\n';
    }
    static std::string content_of(const std::filesystem::path& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    static unsigned mode_of(const std::filesystem::path& path) {
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        return status.st_mode & 0777U;
    }

    sim::WecomSimulator wecom;
    std::string api_base;
    std::uint16_t port = free_port();
    TempDirectory folder;
};

}  // namespace

TEST_SUITE("e2e/init") {
    TEST_CASE("after six answers a gateway starts, is verified and answers") {
        Newcomer newcomer;
        const auto finished = run_host(newcomer.init(), in_english, newcomer.answers(0) + "n\n");
        CAPTURE(finished.out);
        CAPTURE(finished.err);
        REQUIRE(finished.exit_code == 0);
        check_told(finished.out, "WeCom accepts it, and knows the app as \"hr\"");
        check_told(finished.out, "1. Run hermes-host-stub doctor --listen --config " +
                                     newcomer.file("config.yaml").string());
        CHECK(Newcomer::mode_of(newcomer.file("config.yaml")) == 0600);
        CHECK(Newcomer::mode_of(newcomer.file(".env")) == 0600);
        const auto secret = newcomer.wecom.world().apps[0].corp_secret.expose_secret();
        CHECK(finished.out.find(secret) == std::string::npos);
        CHECK(Newcomer::content_of(newcomer.file("config.yaml")).find(secret) == std::string::npos);
        const auto check =
            run_host({"config", "check", "--config", newcomer.file("config.yaml").string()});
        CHECK(check.out == "config ok\n  wecom_callback: default\n");

        const auto url = "http://127.0.0.1:" + std::to_string(newcomer.port) + "/wecom/callback";
        newcomer.wecom.set_callback_url("hr", url);
        GatewayProcess gateway(newcomer.file("config.yaml"));
        CHECK(newcomer.wecom.verify_url("hr").verified);
        CHECK(newcomer.wecom.write("hr", "alice", sim::text_message("hello")).acknowledged);
        const auto delivered =
            newcomer.wecom.wait_for_delivery({.app = "hr", .user_id = "alice"}, patience);
        REQUIRE(delivered);
        CHECK(delivered->content == "echo: hello");
        CHECK(gateway.stop() == 0);
    }

    TEST_CASE("a wrong answer is told at once and asked for again") {
        Newcomer newcomer;
        auto answers = newcomer.answers(0);
        answers.insert(0, "my company\n");
        answers.insert(answers.find("corp-secret"), "secret-of-nobody\n");
        const auto finished = run_host(newcomer.init(), in_english, answers);
        CAPTURE(finished.out);
        CHECK(finished.exit_code == 0);
        check_told(finished.out, "✗ it looks like ww and 16 letters and digits");
        check_told(finished.out, "✗ WeCom refuses it");
    }

    TEST_CASE("a corp that WeCom does not know is asked for again, and not the secret") {
        Newcomer newcomer;
        const auto right = newcomer.answers(0);
        const auto corp = right.substr(0, right.find('\n') + 1);
        auto answers = "ww0000000000000000\n" + right.substr(corp.size());
        answers.insert(answers.find("callbackToken"), corp);
        const auto finished = run_host(newcomer.init(), {"LC_ALL=zh_CN.UTF-8"}, answers + "n\n");
        CAPTURE(finished.out);
        CHECK(finished.exit_code == 0);
        check_told(finished.out, "✗ 企业微信没有这个企业ID：请重新输入企业ID");
        CHECK(finished.out.find("企业微信拒绝了它") == std::string::npos);
    }

    TEST_CASE("an address that WeCom does not trust yet is told before it refuses a message") {
        Newcomer newcomer;
        newcomer.wecom.add_fault(sim::api_error(sim::Call::get_agent, 60020));
        const auto finished = run_host(newcomer.init(), in_english, newcomer.answers(0));
        CHECK(finished.exit_code == 0);
        check_told(finished.out,
                   "This machine's address there is 127.0.0.1: it goes into the trusted IPs");
    }

    TEST_CASE("several apps get names, and stand in a list") {
        Newcomer newcomer;
        const auto finished =
            run_host(newcomer.init(), in_english,
                     newcomer.answers(0) + "y\nhr\nsales\n" + newcomer.answers(2, "alice") + "n\n");
        CAPTURE(finished.out);
        CAPTURE(finished.err);
        REQUIRE(finished.exit_code == 0);
        const auto check =
            run_host({"config", "check", "--config", newcomer.file("config.yaml").string()});
        CHECK(check.out == "config ok\n  wecom_callback: hr, sales\n");
        CHECK(check.err.empty());
        CHECK(Newcomer::mode_of(newcomer.file("config.yaml")) == 0600);
    }

    TEST_CASE("what is there is not overwritten unless it is asked for") {
        Newcomer newcomer;
        std::ofstream(newcomer.file(".env")) << "MINE=1\n";
        auto finished = run_host(newcomer.init(), in_english, newcomer.answers(0));
        CHECK(finished.exit_code == 2);
        check_told(finished.err,
                   newcomer.file(".env").string() + " is there already: give --force");
        CHECK(Newcomer::content_of(newcomer.file(".env")) == "MINE=1\n");
        CHECK_FALSE(std::filesystem::exists(newcomer.file("config.yaml")));
        finished = run_host(newcomer.init({"--force"}), in_english, newcomer.answers(0));
        CHECK(finished.exit_code == 0);
        CHECK(Newcomer::mode_of(newcomer.file(".env")) == 0600);
    }

    TEST_CASE("an end of the answers writes nothing, and says what is not given") {
        Newcomer newcomer;
        const auto finished = run_host(newcomer.init(), in_english, "ww1\n");
        CHECK(finished.exit_code == 2);
        check_told(finished.err, "agent_id is not given");
        CHECK_FALSE(std::filesystem::exists(newcomer.file(".env")));
    }

    TEST_CASE("without input all comes from options and variables") {
        Newcomer newcomer;
        const auto& app = newcomer.wecom.world().apps[0];
        auto words = newcomer.init({"--no-input", "--set", "corp_id=" + app.corp_id, "--set",
                                    "agent_id=" + std::to_string(app.agent_id)});
        auto variables = in_english;
        variables.push_back("WECOM_CALLBACK_CORP_SECRET=" + app.corp_secret.expose_secret());
        variables.push_back("WECOM_CALLBACK_TOKEN=" + app.callback_token.expose_secret());
        auto finished = run_host(words, variables);
        CHECK(finished.exit_code == 2);
        check_told(
            finished.err,
            "encoding_aes_key is not given: answer, or give --set encoding_aes_key=..., or the "
            "variable WECOM_CALLBACK_ENCODING_AES_KEY");
        variables.push_back("WECOM_CALLBACK_ENCODING_AES_KEY=" +
                            app.encoding_aes_key.expose_secret());
        finished = run_host(words, variables);
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        check_told(finished.out, "nobody may write until");
        words.insert(words.end(), {"--force", "--set", "corp_idd=x"});
        finished = run_host(words, variables);
        CHECK(finished.exit_code == 2);
        check_told(finished.err, "--set corp_idd: no such setting, did you mean corp_id?");
    }

    TEST_CASE("a value that does not fit is told before anything is written") {
        Newcomer newcomer;
        const auto finished =
            run_host(newcomer.init({"--no-input", "--set", "port=abc"}), in_english);
        CHECK(finished.exit_code == 2);
        check_told(finished.err, "port: expected an integer, got \"abc\"");
        CHECK_FALSE(std::filesystem::exists(newcomer.file("config.yaml")));
        CHECK_FALSE(std::filesystem::exists(newcomer.file(".env")));
    }

    TEST_CASE("it speaks Chinese where the locale does") {
        Newcomer newcomer;
        const auto finished =
            run_host(newcomer.init(), {"LC_ALL=", "LC_MESSAGES=", "LANG=zh_CN.UTF-8"},
                     "x y\n" + newcomer.answers(0));
        CHECK(finished.exit_code == 0);
        check_told(finished.out, "下面有几个问题");
        check_told(finished.out, "✗ 应当是 ww 加 16 位字母和数字");
        check_told(finished.out, "企业微信接受，应用名称是");
        check_told(finished.out, "接下来，请按这个顺序：");
    }
}

}  // namespace hermes::test
