// The network between the adapter and WeCom: names, certificates, proxies. Whatever is wrong there,
// a reply waits until it is right again, the log says what is wrong, and no secret gets out.
#include <doctest/doctest.h>

#include <fstream>
#include <optional>

#include "integration/delivery/adapter_rig.hpp"
#include "integration/delivery/wecom_front.hpp"
#include "support/http_test_proxy.hpp"
#include "support/tls_certificate.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// "zhang:open sesame" as RFC 7617 wants it.
constexpr const char* proxy_authorization = "Basic emhhbmc6b3BlbiBzZXNhbWU=";

std::string local(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

AdapterRig::Change with(const char* key, const std::string& value) {
    return [=](boost::json::object& settings) { settings[key] = value; };
}

void send_numbered(AdapterRig& rig, int first, int end) {
    for (int i = first; i < end; ++i) {
        rig.send_text("hr", "ww1:alice", "line " + std::to_string(i));
    }
}

void expect_results(AdapterRig& rig, int count, SendStatus status) {
    for (int i = 0; i < count; ++i) {
        CHECK(rig.next_result().status == status);
    }
}

// Three lines have arrived, each once, in order.
void expect_three_lines(AdapterRig& rig) {
    CHECK(contents(rig.deliveries_in_time(3, minutes{1}, 10)) == numbered(3));
    CHECK(rig.wecom.deliveries().size() == 3);
}

// Certificates for WeCom on localhost, and a file of CAs that vouches for all but the stranger's.
struct Certificates {
    Certificates() {
        std::ofstream bundle(ca_file);
        bundle << std::ifstream(right.certificate_file).rdbuf()
               << std::ifstream(elsewhere.certificate_file).rdbuf();
    }
    TempDirectory directory;
    TlsCertificate right = make_certificate(directory.path(), "right", "DNS:localhost");
    TlsCertificate elsewhere = make_certificate(directory.path(), "elsewhere", "DNS:other.example");
    TlsCertificate stranger = make_certificate(directory.path(), "stranger", "DNS:localhost");
    std::string ca_file = (directory.path() / "ca.pem").string();
};

}  // namespace

TEST_SUITE("delivery/network") {
    TEST_CASE("a wrong certificate or host name is refused, and replies wait for the right one") {
        const Certificates certificates;
        struct Wrong {
            TlsCertificate certificate;
            std::string reason;
        };
        for (const auto& [certificate, reason] :
             {Wrong{certificates.stranger, "certificate not trusted: self-signed certificate"},
              Wrong{certificates.elsewhere, "certificate not trusted: hostname mismatch"}}) {
            CAPTURE(reason);
            AdapterRig rig;
            WecomFront front(rig.wecom.api_base());
            front.serve(certificate);
            const auto place = "localhost:" + std::to_string(front.port());
            rig.restart([&](auto& settings) {
                settings["api_base"] = "https://" + place;
                settings["api_ca_file"] = certificates.ca_file;
            });
            send_numbered(rig, 0, 3);
            const auto line = rig.host.wait_for_line(LogLevel::warning, "not delivered yet");
            REQUIRE(line);
            CHECK(line->find("TLS with " + place + ": " + reason) != std::string::npos);
            CHECK(rig.wecom.gettoken_calls() == 0);  // the secret was not told to a stranger
            front.serve(certificates.right);
            expect_three_lines(rig);
            expect_results(rig, 3, SendStatus::delivered);
        }
    }

    TEST_CASE("a private deployment's CA is trusted once api_ca_file names it") {
        const Certificates certificates;
        AdapterRig rig;
        WecomFront front(rig.wecom.api_base());
        front.serve(certificates.right);
        rig.restart(with("api_base", "https://localhost:" + std::to_string(front.port())));
        send_numbered(rig, 0, 3);
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "certificate not trusted"));
        rig.restart(with("api_ca_file", certificates.ca_file));
        expect_results(rig, 3, SendStatus::deferred);
        expect_three_lines(rig);
    }

    TEST_CASE("a CA file that can't be used is one sentence at the start that names the setting") {
        AdapterRig rig(with("api_ca_file", "/nonexistent/ca.pem"));
        CHECK_THROWS_WITH_AS(
            rig.start(), "cannot use `api_ca_file` /nonexistent/ca.pem: no such file or directory",
            std::runtime_error);
    }

    TEST_CASE("a certificate that stays wrong until the deadline is the reason of the failure") {
        const Certificates certificates;
        AdapterRig rig([](auto& settings) { settings["delivery_deadline"] = 60; });
        WecomFront front(rig.wecom.api_base());
        front.serve(certificates.stranger);
        rig.restart(with("api_base", "https://localhost:" + std::to_string(front.port())));
        rig.send_text("hr", "ww1:alice", "hello");
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "certificate not trusted"));
        rig.clock.advance(minutes{2});
        const auto result = rig.next_result();
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::unreachable);
        CHECK(result.retryable);
        CHECK(result.detail.find("delivery_deadline") != std::string::npos);
        CHECK(result.detail.find("certificate not trusted") != std::string::npos);
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].reason.find("certificate not trusted") != std::string::npos);
    }

    TEST_CASE("a name that can't be resolved is retried, says so, and nothing is lost") {
        AdapterRig rig;
        rig.restart(with("api_base", "http://wecom.invalid:1"));
        send_numbered(rig, 0, 3);
        const auto line = rig.host.wait_for_line(LogLevel::warning, "not delivered yet");
        REQUIRE(line);
        CHECK(line->find("resolve wecom.invalid") != std::string::npos);
        CHECK(line->find("corpsecret") == std::string::npos);
        rig.restart(with("api_base", rig.wecom.api_base()));
        expect_results(rig, 3, SendStatus::deferred);
        expect_three_lines(rig);
    }

    TEST_CASE("a proxy that wants a password says what to do, and gets the right one") {
        for (const std::string user : {"", "zhang:wrong%20sesame@", "zhang@"}) {
            CAPTURE(user);
            HttpTestProxy proxy(proxy_authorization);
            AdapterRig rig;
            rig.restart(with("proxy", "http://" + user + local(proxy.port())));
            send_numbered(rig, 0, 3);
            const auto line = rig.host.wait_for_line(LogLevel::warning, "not delivered yet");
            REQUIRE(line);
            CHECK(line->find("proxy " + local(proxy.port())) != std::string::npos);
            CHECK(line->find("check the user and password in the proxy's URL") !=
                  std::string::npos);
            CHECK(rig.wecom.gettoken_calls() == 0);
            rig.restart(with("proxy", "http://zhang:open%20sesame@" + local(proxy.port())));
            expect_results(rig, 3, SendStatus::deferred);
            expect_three_lines(rig);
            rig.stop();
            for (const auto* secret : {"sesame", "zhang", "emhhbmc6"}) {
                CHECK(rig.host.all_lines().find(secret) == std::string::npos);
            }
        }
    }

    TEST_CASE("a proxy that dies in the middle and comes back costs nothing but time") {
        std::optional<HttpTestProxy> proxy(std::in_place);
        const auto port = proxy->port();
        AdapterRig rig;
        rig.restart(with("proxy", "http://" + local(port)));
        // WeCom has the first line and is slow to answer when the proxy dies.
        rig.wecom.add_fault(sim::delayed(sim::Call::send_message, seconds{30}, 1));
        send_numbered(rig, 0, 3);
        REQUIRE(rig.wecom.wait_for_send_calls({.app = "hr"}, 1, patience).size() == 1);
        proxy.reset();
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "it may have accepted the message"));
        rig.clock.advance(minutes{1});
        rig.send_text("it", "ww1:bob", "hello");
        const auto line = rig.host.wait_for_line(LogLevel::warning, "app it, chat ww1:bob");
        REQUIRE(line);
        CHECK(line->find("connect to proxy " + local(port) + ": connection refused") !=
              std::string::npos);
        proxy.emplace("", port);
        CHECK(contents(rig.deliveries_in_time(3, minutes{1}, 10)) == numbered(3));
        CHECK(rig.wecom.wait_for_delivery({.app = "it", .user_id = "bob"}, patience));
        expect_results(rig, 4, SendStatus::delivered);
        CHECK(rig.wecom.deliveries().size() == 4);
        const auto sent = rig.wecom.send_calls({.app = "hr"});
        REQUIRE(sent.size() == 4);
        CHECK(sent[0].checks_duplicates);
        CHECK(sent[0].request_body == sent[1].request_body);
    }
}

}  // namespace hermes::test
