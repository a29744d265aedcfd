// `hermes-host-stub doctor`: every line that an operator can be told.
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <optional>

#include "e2e/gateway_rig.hpp"
#include "http/http_server.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

Finished doctor(const GatewayFiles& files, const std::string& public_url = {}) {
    std::vector<std::string> words{"doctor", "--config", files.config().string()};
    if (!public_url.empty()) {
        words.insert(words.end(), {"--public-url", public_url});
    }
    return run_host(words);
}

bool says(const Finished& finished, const std::string& line) {
    return finished.out.find(line + '\n') != std::string::npos;
}

bool says_first(const Finished& finished, const std::string& beginning) {
    return ('\n' + finished.out).find('\n' + beginning) != std::string::npos;
}

// A simulator, and the files of a gateway that need not fit it.
struct Misfit {
    explicit Misfit(const std::function<void(sim::World&)>& change = {}, std::string top = {},
                    const std::string& extra = {})
        : wecom(three_apps_world()),
          world(wecom.world()),
          files(changed(change), GatewayRig::started(wecom), extra, top) {}

    const sim::World& changed(const std::function<void(sim::World&)>& change) {
        if (change) {
            change(world);
        }
        return world;
    }

    sim::WecomSimulator wecom;
    sim::World world;
    GatewayFiles files;
};

const std::string platform = "wecom_callback, ";

}  // namespace

TEST_SUITE("e2e/doctor") {
    TEST_CASE("a set-up that works is ok line by line, and no message is sent") {
        GatewayRig rig;
        const auto finished = doctor(rig.files);
        CAPTURE(finished.out);
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        CHECK(says(finished, "ok       configuration: " + rig.files.config().string()));
        CHECK(says(finished, "ok       agent: echo: it repeats what it is told"));
        CHECK(says(finished, "ok       " + platform + "clock: agrees with WeCom's"));
        for (const std::string app : {"hr", "it", "sales"}) {
            const auto subject = "ok       " + platform + "app " + app;
            CHECK(
                says(finished, subject + ": access token: WeCom accepts corp_id and corp_secret"));
            CHECK(says(finished, subject + ": permission to send: WeCom knows the app as \"" + app +
                                     "\" and trusts this address"));
            CHECK(says(finished, subject + ": callback URL: " + rig.files.callback_url() +
                                     " proves to know the app's token and key"));
        }
        for (const std::string word : {"FAILED", "warning", "skipped"}) {
            CHECK(finished.out.find(word) == std::string::npos);
        }
        CHECK(rig.wecom.calls(sim::Call::send_message) == 0);

        // The origin alone, and the URL as it is saved in the admin console.
        const auto origin = "http://localhost:" + std::to_string(rig.files.port());
        CHECK(doctor(rig.files, origin).exit_code == 0);
        CHECK(doctor(rig.files, origin + "/").exit_code == 0);
        CHECK(doctor(rig.files, origin + "/wecom/callback").exit_code == 0);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("the same is said in JSON, a line for each finding") {
        const Misfit misfit;
        const auto config = misfit.files.config().string();
        const auto finished = run_host({"doctor", "--json", "--config", config});
        CAPTURE(finished.out);
        CAPTURE(finished.err);
        CHECK(finished.exit_code == 0);
        CHECK(says(finished,
                   R"({"verdict":"ok","subject":"configuration","sentence":")" + config + R"("})"));
        CHECK(says_first(finished, R"({"verdict":"skipped","subject":"wecom_callback, state",)"));
    }

    TEST_CASE("secrets that every user can read are a warning, in .env and in the configuration") {
        const Misfit misfit;
        const auto env = misfit.files.directory() / ".env";
        std::ofstream(env) << "WECOM_CALLBACK_LATER=1\n";
        const auto warns = [&](const std::filesystem::path& file, unsigned mode) {
            std::filesystem::permissions(file, std::filesystem::perms(mode));
            return says_first(doctor(misfit.files), "warning  secrets: " + file.string() + ' ');
        };
        CHECK_FALSE(warns(env, 0640));
        CHECK(warns(env, 0644));
        CHECK(warns(env, 0602));
        CHECK_FALSE(warns(env, 0600));
        CHECK(warns(misfit.files.config(), 0644));
        CHECK_FALSE(warns(misfit.files.config(), 0640));
    }

    TEST_CASE("without a gateway the callback URL is left out, and that is no failure") {
        const Misfit misfit;
        const auto url = misfit.files.callback_url();
        auto finished = doctor(misfit.files);
        CAPTURE(finished.out);
        CHECK(finished.exit_code == 0);
        CHECK(says_first(finished, "skipped  " + platform + "state: there is no state file "));
        CHECK(says_first(finished, "ok       " + platform + "media_dir: "));
        // Made by who looks as root they would be root's.
        CHECK_FALSE(std::filesystem::exists(misfit.files.directory() / "data"));
        CHECK(says_first(finished, "skipped  " + platform +
                                       "app hr: callback URL: no gateway answers at " + url));
        // Asked for by name it is.
        finished = doctor(misfit.files, url);
        CHECK(finished.exit_code == 1);
        CHECK(says_first(finished, "FAILED   " + platform + "app hr: callback URL: " + url +
                                       " does not answer (connect to "));
        CHECK(finished.out.find("let WeCom's requests through to port " +
                                std::to_string(misfit.files.port())) != std::string::npos);
    }

    TEST_CASE("what WeCom refuses is said with what to do, and the other apps are examined too") {
        Misfit misfit([](sim::World& world) {
            world.apps[0].corp_secret = base::Secret("corp-secret-of-nobody");
            world.apps[1].agent_id = 1000099;
        });
        const auto fault = misfit.wecom.add_fault(sim::api_error(sim::Call::get_agent, 60020));
        const auto failed = "FAILED   " + platform;
        auto finished = doctor(misfit.files);
        CAPTURE(finished.out);
        CHECK(finished.exit_code == 1);
        CHECK(says_first(finished, failed + "app hr: access token: WeCom refuses corp_id and "
                                            "corp_secret: copy the Secret again"));
        CHECK(says_first(finished, failed + "app it: permission to send: 60020: this server's "
                                            "address 127.0.0.1 is not among the app's trusted "
                                            "IPs: add it in the admin console"));
        CHECK(finished.out.find("corp-secret-of-") == std::string::npos);

        misfit.wecom.remove_fault(fault);
        finished = doctor(misfit.files);
        CHECK(says_first(finished, failed + "app it: permission to send: 40056: there is no app "
                                            "of this agent id in the corp"));
        CHECK(says_first(finished, "ok       " + platform + "app sales: permission to send"));

        misfit.wecom.begin_outage();
        finished = doctor(misfit.files);
        CHECK(finished.exit_code == 1);
        CHECK(finished.out.find("connection refused") != std::string::npos);
        CHECK(finished.out.find("clock") == std::string::npos);
    }

    TEST_CASE("where WeCom's networks alone may ask, the callback URL is left out") {
        GatewayRig rig("allowed_source_cidrs: [10.0.0.0/8]\n");
        const auto left_out = "skipped  " + platform + "app hr: callback URL: ";
        auto finished = doctor(rig.files);
        CAPTURE(finished.out);
        CHECK(finished.exit_code == 0);
        CHECK(says_first(finished, left_out + "only who is in `allowed_source_cidrs` may ask, and "
                                              "127.0.0.1 is not: add it there"));
        finished = doctor(rig.files, rig.files.callback_url());
        CHECK(finished.exit_code == 0);
        CHECK(says_first(finished, left_out + rig.files.callback_url() +
                                       " answers 403, to this machine as to all outside"));
    }

    TEST_CASE("who is in allowed_source_cidrs examines the callback URL as ever") {
        const GatewayRig rig("allowed_source_cidrs: [10.0.0.0/8, 127.0.0.1]\n");
        const auto subject = platform + "app hr: callback URL: ";
        CHECK(says_first(doctor(rig.files), "ok       " + subject));
        const Misfit other([&](sim::World& world) {
            world.apps[0].callback_token = base::Secret("anotherToken");
        });
        CHECK(says_first(doctor(other.files, rig.files.callback_url()),
                         "FAILED   " + subject + rig.files.callback_url() + " answers 403: "));
    }

    TEST_CASE("a callback URL that leads elsewhere is told apart") {
        GatewayRig rig;
        const auto failed = "FAILED   " + platform + "app hr: callback URL: ";
        const Misfit other(
            [](sim::World& world) { world.apps[0].callback_token = base::Secret("anotherToken"); });
        const auto stale = doctor(other.files, rig.files.callback_url());
        CHECK(stale.exit_code == 1);
        CHECK(says(stale, failed + rig.files.callback_url() +
                              " answers 403: the gateway there runs with another token or key for "
                              "this app: restart it"));
        CHECK(stale.out.find("ok       " + platform + "app sales: callback URL") !=
              std::string::npos);

        const auto wrong = "http://127.0.0.1:" + std::to_string(rig.files.port()) + "/wecom";
        CHECK(says(doctor(rig.files, wrong), failed + wrong +
                                                 " answers 404: the path must be /wecom/callback, "
                                                 "as in `path`"));

        http::HttpServer login_page(
            {}, [](const auto&, auto respond) { respond({.body = "please log in"}); });
        login_page.start();
        const auto page = "http://127.0.0.1:" + std::to_string(login_page.port()) + "/x";
        CHECK(says(doctor(rig.files, page),
                   failed + page +
                       " answers with another text: something else listens there, or changes the "
                       "answer on its way"));
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a state that can't be used, and one with dead letters, are told") {
        const Misfit misfit({}, {}, "state: /nowhere/state.db\n");
        const auto finished = doctor(misfit.files);
        CHECK(finished.exit_code == 1);
        CHECK(finished.out.find("FAILED   " + platform + "state: ") != std::string::npos);
        CHECK(finished.out.find("/nowhere") != std::string::npos);

        GatewayRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("hr", "alice", "hello"));
        CHECK(rig.wecom.wait_for_send_calls({}, 1, patience).size() == 1);
        CHECK(rig.gateway->stop() == 0);
        CHECK(doctor(rig.files).out.find("warning  " + platform +
                                         "state: 1 message(s) set aside in ") != std::string::npos);
    }

    TEST_CASE("an agent that can't answer is told before a member finds out") {
        const auto of = [](const std::string& agent) {
            return doctor(Misfit({}, "agent: " + agent + "\n").files).out;
        };
        CHECK(of("{kind: command, command: [cat]}").find("ok       agent: runs cat") !=
              std::string::npos);
        CHECK(of("{kind: echo}\nagents: [{accounts: [hr], kind: command, command: [no-such]}]")
                  .find("agents[0]: agents[0].command: there is no program no-such") !=
              std::string::npos);
        CHECK(of("{kind: command, command: [no-such-program]}")
                  .find("FAILED   agent: agent.command: there is no program no-such-program") !=
              std::string::npos);
        CHECK(of("{kind: command, command: [./agent.py]}")
                  .find("FAILED   agent: agent.command: there is no program ./agent.py") !=
              std::string::npos);
        CHECK(of("{kind: command, command: [sh, -e, agents/none.sh]}")
                  .find("warning  agent: agent.command: there is no file ") != std::string::npos);

        std::atomic<unsigned> status{200};
        std::optional<http::HttpServer> endpoint;
        endpoint.emplace(http::HttpServerOptions{}, [&](const auto& request, auto respond) {
            respond({.status = request.target() == "/v1/models" ? status.load() : 404, .body = ""});
        });
        endpoint->start();
        const auto base = "http://127.0.0.1:" + std::to_string(endpoint->port());
        const auto openai = [&](const std::string& path) {
            return of("{kind: openai, model: m, base_url: \"" + base + path + "\"}");
        };
        CHECK(openai("/v1").find("ok       agent: " + base + "/v1 answers") != std::string::npos);
        CHECK(openai("").find("warning  agent: ") != std::string::npos);
        status = 401;
        CHECK(openai("/v1").find("answers 401: it wants a key: set agent.api_key_env") !=
              std::string::npos);
        endpoint.reset();
        CHECK(openai("/v1").find("does not answer") != std::string::npos);
    }

    TEST_CASE("what config check refuses the doctor refuses in the same words") {
        const GatewayFiles files(three_apps_world(), "http://127.0.0.1:9");
        std::ofstream(files.config(), std::ios::app) << "        - name: it\n";
        const auto finished = doctor(files);
        CHECK(finished.exit_code == 2);
        CHECK(finished.err ==
              run_host({"config", "check", "--config", files.config().string()}).err);
    }
}

}  // namespace hermes::test
