// What an administrator reads while the callback URL is saved, from a real port.
#include "ingress/arrival_listener.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/chinese.hpp"
#include "support/eventually.hpp"
#include "support/http_socket.hpp"
#include "support/manual_clock.hpp"
#include "unit/policy/verification_request.hpp"

namespace hermes::test {

namespace {

// Collects what is found.
struct Listening {
    explicit Listening(const std::function<void(wecom::ArrivalListenerOptions&)>& change = {},
                       std::vector<wecom::App> apps = three_apps()) {
        wecom::ArrivalListenerOptions options;
        options.path = "/wecom/callback";
        options.clock = [] { return callback_now; };
        if (change) {
            change(options);
        }
        ArrivalReport report;
        report.found = [this](const Finding& finding) {
            const std::lock_guard lock(mutex);
            found.push_back(finding);
            changed.notify_all();
        };
        report.all_right = [this] {
            const std::lock_guard lock(mutex);
            is_all_right = true;
            changed.notify_all();
        };
        listener.emplace(std::move(options), std::make_shared<wecom::Apps>(std::move(apps)),
                         std::move(report));
    }

    // The finding with these words in it, once there is one.
    Finding waits_for(const std::string& words) {
        std::unique_lock lock(mutex);
        const auto has = [&] { return find(words) != found.end(); };
        REQUIRE(changed.wait_for(lock, patience, has));
        check_chinese(find(words)->subject);
        check_chinese(find(words)->sentence);
        CHECK(chinese_words()(find(words)->sentence).find("app ") == std::string::npos);
        return *find(words);
    }
    bool has_heard(const std::string& words) {
        const std::lock_guard lock(mutex);
        return find(words) != found.end();
    }
    bool ends_all_right() {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, [this] { return is_all_right; });
    }

    std::string get(const std::string& target) const {
        auto socket = HttpSocket::connect(listener->port());
        socket.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = socket.read_message();
        return answer ? answer->body : "";
    }
    std::string verify(const wecom::App& app) const {
        return get("/wecom/callback?" +
                   wecom::format_callback_query(Verification{.app = app}.query()));
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Finding> found;
    bool is_all_right = false;
    std::optional<wecom::ArrivalListener> listener;

private:
    std::vector<Finding>::const_iterator find(const std::string& words) const {
        return std::find_if(found.begin(), found.end(), [&](const Finding& finding) {
            return (finding.subject + ": " + finding.sentence).find(words) != std::string::npos;
        });
    }
};

}  // namespace

TEST_SUITE("delivery/arrival_listener") {
    TEST_CASE("it says what it waits for, and ends once each app has been verified") {
        Listening listening;
        listening.waits_for("for the URL of app hr, it, sales");
        const auto apps = three_apps();
        CHECK(listening.verify(apps[1]) == "1616140317555161061");
        CHECK(listening.waits_for("GET from 127.0.0.1: app it: right, answered in ").verdict ==
              Finding::Verdict::ok);
        listening.waits_for("for the URL of app hr, sales");
        CHECK(listening.verify(apps[0]) == "1616140317555161061");
        listening.waits_for("for the URL of app sales");
        CHECK(listening.verify(apps[2]) == "1616140317555161061");
        listening.waits_for("the right answer for every app: start the gateway now");
        CHECK(listening.ends_all_right());
    }

    TEST_CASE("apps of one corp that share Token and key are verified together") {
        auto apps = three_apps();
        apps[1].callback_token = apps[0].callback_token;
        apps[1].key = apps[0].key;
        Listening listening({}, apps);
        listening.verify(apps[0]);
        listening.waits_for("app hr, it: right, answered in ");
        listening.waits_for("for the URL of app sales");
        listening.verify(apps[2]);
        CHECK(listening.ends_all_right());
    }

    TEST_CASE("what is wrong is told at once, and it goes on") {
        Listening listening;
        auto other = three_apps()[0];
        other.callback_token = "another";
        CHECK(listening.verify(other) == "signature verification failed\n");
        CHECK(listening.waits_for("not signed with the Token of any app").verdict ==
              Finding::Verdict::failed);
        CHECK(listening.get("/") == "not found\n");
        CHECK(listening.waits_for("it asks for /: a browser or a scanner").verdict ==
              Finding::Verdict::skipped);
    }

    TEST_CASE("an answer that came too late for WeCom does not count") {
        Listening listening([](auto& options) { options.patience = std::chrono::milliseconds(0); });
        CHECK(listening.verify(three_apps()[0]) == "1616140317555161061");
        CHECK(listening.waits_for("app hr: right, but answered in ").verdict ==
              Finding::Verdict::failed);
        CHECK_FALSE(listening.has_heard("for the URL of app it, sales"));
    }

    TEST_CASE("a minute without any request is explained, and once is enough") {
        ManualClock clock;
        Listening listening([&](auto& options) { options.steady_clock = clock.steady_clock(); });
        listening.waits_for("listening: on port ");
        clock.advance(std::chrono::seconds(59));
        listening.get("/");
        listening.waits_for("it asks for /");
        clock.advance(std::chrono::seconds(61));
        const auto finding = listening.waits_for("no request has reached port ");
        CHECK(finding.verdict == Finding::Verdict::warning);
        CHECK(finding.sentence.find("a firewall") != std::string::npos);
        CHECK(finding.sentence.find("域名主体") != std::string::npos);
    }

    TEST_CASE("who is outside allowed_source_cidrs is told what to add") {
        Listening listening(
            [](auto& options) { options.allowed_sources = {*wecom::Cidr::parse("10.0.0.0/8")}; });
        CHECK(listening.verify(three_apps()[0]) == "forbidden\n");
        listening.waits_for("outside allowed_source_cidrs: add `127.0.0.1`");
    }

    TEST_CASE("what is wrong with a certificate is not said to be a gateway's fault") {
        try {
            const Listening listening([](auto& options) {
                options.server.tls_certificate = "/nowhere/hermes.pem";
                options.server.tls_private_key = "/nowhere/hermes.key";
            });
            FAIL("it listens");
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()) ==
                  "cannot use `tls_certificate` /nowhere/hermes.pem: no such file or directory");
        }
    }

    TEST_CASE("a port that a gateway has is a sentence") {
        const Listening first;
        try {
            const Listening second(
                [&](auto& options) { options.server.port = first.listener->port(); });
            FAIL("it listens");
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()).find("a running gateway has to be stopped") !=
                  std::string::npos);
        }
    }
}

}  // namespace hermes::test
