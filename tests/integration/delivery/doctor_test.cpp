#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "http/http_server.hpp"
#include "integration/delivery/adapter_rig.hpp"
#include "support/free_port.hpp"

namespace hermes::test {

namespace {

using std::chrono::seconds;

Finding of_clock(AdapterRig& rig, seconds ahead) {
    const auto now = base::system_clock();
    for (auto& finding : rig.examine([&] { return now() + ahead; })) {
        if (finding.subject == "clock") {
            return finding;
        }
    }
    return {Finding::Verdict::failed, "", "nothing was found about the clock"};
}

}  // namespace

TEST_SUITE("delivery/doctor") {
    TEST_CASE("a clock that is wrong is told, by how much and in which direction") {
        AdapterRig rig;
        CHECK(of_clock(rig, seconds{0}).verdict == Finding::Verdict::ok);
        CHECK(of_clock(rig, seconds{30}).verdict == Finding::Verdict::ok);

        const auto behind = of_clock(rig, -seconds{600});
        CHECK(behind.verdict == Finding::Verdict::warning);
        CHECK(behind.sentence.find(" s behind WeCom's: set it right") != std::string::npos);

        const auto ahead = of_clock(rig, seconds{7200});
        CHECK(ahead.verdict == Finding::Verdict::failed);
        CHECK(ahead.sentence.find(" s ahead of WeCom's: set it right") != std::string::npos);
    }

    TEST_CASE("a folder for members' files that can't be written, or that others see, is told") {
        AdapterRig rig;
        const auto of_folder = [&rig] {
            for (auto& finding : rig.examine(base::system_clock())) {
                if (finding.subject == "media_dir") {
                    return finding;
                }
            }
            return Finding{};
        };
        const auto folder = rig.directory.path() / "media";
        CHECK(of_folder().verdict == Finding::Verdict::ok);
        CHECK(of_folder().sentence == folder.string());
        CHECK_FALSE(std::filesystem::exists(folder));
        std::filesystem::create_directory(folder);
        std::filesystem::permissions(folder, std::filesystem::perms(0755));
        CHECK(of_folder().verdict == Finding::Verdict::warning);
        std::filesystem::remove(folder);
        std::ofstream(folder) << "a file";
        CHECK(of_folder().verdict == Finding::Verdict::failed);
        CHECK(of_folder().sentence ==
              folder.string() + ": " + folder.string() + " is not a folder");
    }

    TEST_CASE("without the CA's file all is examined that needs no call to WeCom") {
        AdapterRig rig([](auto& settings) { settings["api_ca_file"] = "/nowhere/ca.pem"; });
        const auto findings = rig.examine(base::system_clock());
        REQUIRE(findings.size() == 3);
        CHECK(findings[0].subject == "state");
        CHECK(findings[1].subject == "media_dir");
        CHECK(findings[2].verdict == Finding::Verdict::failed);
        CHECK(findings[2].sentence ==
              "cannot use `api_ca_file` /nowhere/ca.pem: no such file or directory");
    }

    TEST_CASE("another program on the gateway's port is told") {
        http::HttpServer other(
            {}, [](const auto&, auto respond) { respond({.status = 404, .body = ""}); });
        other.start();
        AdapterRig rig([&](auto& settings) { settings["port"] = other.port(); });
        const auto findings = rig.examine(base::system_clock());
        CHECK(findings.back().subject == "app sales: callback URL");
        CHECK(findings.back().sentence ==
              "http://127.0.0.1:" + std::to_string(other.port()) +
                  "/wecom/callback answers 404: another program, or a gateway with another "
                  "`path`, listens on port " +
                  std::to_string(other.port()) + ": end it, or change `port`");
    }

    TEST_CASE("where the URL does not answer, the port to open is its own") {
        AdapterRig rig([](auto& settings) { settings["port"] = 8645; });
        const auto closed = std::to_string(free_port());
        const std::string own = "let WeCom's requests through to port ";
        const std::string passed_on = ", and have what listens there pass them on to port 8645";
        for (const auto& [url, ending] : std::map<std::string, std::string>{
                 {"http://127.0.0.1:" + closed, own + closed + passed_on},
                 {"https://wecom.invalid", own + "443" + passed_on},
                 {"http://wecom.invalid/", own + "80" + passed_on},
                 {"http://wecom.invalid:8645", own + "8645"}}) {
            CAPTURE(url);
            const auto findings = rig.examine(base::system_clock(), url);
            CHECK(findings.back().verdict == Finding::Verdict::failed);
            CHECK(findings.back().sentence.ends_with(ending));
        }
    }

    TEST_CASE("what is legal but probably not meant is a warning") {
        AdapterRig rig([](auto& settings) { settings["allow_all_users"] = false; });
        const auto findings = rig.examine(base::system_clock());
        REQUIRE_FALSE(findings.empty());
        CHECK(findings.front().verdict == Finding::Verdict::warning);
        CHECK(findings.front().subject == "settings");
        CHECK(findings.front().sentence.find("allowed_users") != std::string::npos);
    }

    TEST_CASE(
        "a welcome that nobody will get, since WeCom does not report who comes, is a warning") {
        AdapterRig rig([](auto& settings) { settings["welcome"] = "hello"; }, {},
                       [](auto& world) { world.apps.at(1).reports_entering = false; });
        std::vector<std::string> found;
        for (const auto& finding : rig.examine(base::system_clock())) {
            if (finding.subject.find(": welcome") != std::string::npos) {
                found.push_back(finding.subject);
                const bool is_reported = finding.subject != "app it: welcome";
                CHECK(finding.verdict ==
                      (is_reported ? Finding::Verdict::ok : Finding::Verdict::warning));
                CHECK((finding.sentence.find("上报进入应用事件") == std::string::npos) ==
                      is_reported);
            }
        }
        CHECK(found ==
              std::vector<std::string>{"app hr: welcome", "app it: welcome", "app sales: welcome"});
    }

    TEST_CASE("a member of `allowed_users` who does not exist is named, app by app") {
        AdapterRig rig([](auto& settings) {
            settings["allow_all_users"] = false;
            settings["allowed_users"] = boost::json::array{"ww1:Alice", "ww1:alcie", "ww2:alice"};
        });
        std::map<std::string, Finding> found;
        for (auto& finding : rig.examine(base::system_clock())) {
            if (finding.subject.ends_with(": allowed_users")) {
                found[finding.subject] = finding;
            }
        }
        REQUIRE(found.size() == 3);
        for (const auto* app : {"app hr: allowed_users", "app it: allowed_users"}) {
            CHECK(found[app].verdict == Finding::Verdict::warning);
            CHECK(found[app].sentence.find("no member `alcie` whom") != std::string::npos);
        }
        CHECK(found["app sales: allowed_users"].verdict == Finding::Verdict::ok);
    }

    TEST_CASE("that WeCom is busy is not said to be tried again, which the doctor does not") {
        AdapterRig rig;
        rig.wecom.add_fault(host::simulator::api_error(host::simulator::Call::get_agent, 45009, 1));
        std::string said;
        for (const auto& finding : rig.examine(base::system_clock())) {
            said += finding.subject == "app hr: permission to send" ? finding.sentence : "";
        }
        CHECK(said == "45009: the app has made too many calls: try again in a minute");
    }

    TEST_CASE("no token, no key and no secret is in what the doctor says") {
        AdapterRig rig;
        std::string all;
        for (const auto& finding : rig.examine(base::system_clock())) {
            all += finding.subject + finding.sentence + '\n';
        }
        for (const auto& app : rig.wecom.world().apps) {
            CHECK(all.find(app.corp_secret.expose_secret()) == std::string::npos);
            CHECK(all.find(app.callback_token.expose_secret()) == std::string::npos);
            CHECK(all.find(app.encoding_aes_key.expose_secret()) == std::string::npos);
        }
        CHECK(all.find("access_token=") == std::string::npos);
    }
}

}  // namespace hermes::test
