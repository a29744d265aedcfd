#include <doctest/doctest.h>

#include <chrono>

#include "fake_gateway.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {

namespace {

using namespace std::chrono_literals;
using sim::Call;
using sim::FaultKind;

struct FaultRig {
    sim::WecomSimulator wecom{small_world(9)};
    ApiCaller api{(wecom.start(), wecom.api_base())};
    std::string token = api.access_token(*wecom.world().find_app("hr"));

    ApiReply send(const std::string& to_user, const std::string& content,
                  const std::string& more_members = {}) {
        return api.send(token, 1000002, to_user, content, more_members);
    }
    std::size_t shown() const { return wecom.deliveries().size(); }
};

}  // namespace

TEST_SUITE("simulator/faults") {
    TEST_CASE("an API error meets as many calls as it was told to, and those alone") {
        FaultRig rig;
        rig.wecom.add_fault(sim::api_error(Call::send_message, -1, 2));
        CHECK(rig.send("lisi", "1").errcode() == -1);
        CHECK(rig.api.get_token("ww_a", "secret-hr").errcode() == 0);
        CHECK(rig.send("lisi", "2").errcode() == -1);
        CHECK(rig.send("lisi", "3").errcode() == 0);
        CHECK(rig.shown() == 1);
        CHECK(rig.wecom.snapshot().faults.empty());
        CHECK(rig.wecom.send_calls().front().fault == "api_error");
    }

    TEST_CASE("a fault of one member or one app meets nobody else") {
        FaultRig rig;
        auto member = sim::api_error(Call::send_message, 45009);
        member.user_id = "LiSi";
        auto app = sim::api_error(Call::get_token, -1);
        app.app = "it";
        rig.wecom.add_fault(member);
        rig.wecom.add_fault(app);
        CHECK(rig.send("lisi", "hello").errcode() == 45009);
        CHECK(rig.send("zhangsan", "hello").errcode() == 0);
        CHECK(rig.api.get_token("ww_a", "secret-it").errcode() == -1);
        CHECK(rig.api.get_token("ww_a", "secret-hr").errcode() == 0);
    }

    TEST_CASE("a fault without a count lasts until it is removed") {
        FaultRig rig;
        const auto id = rig.wecom.add_fault(sim::untrusted_ip());
        CHECK(rig.send("lisi", "1").errcode() == 60020);
        const auto refused = rig.send("lisi", "2");
        CHECK(refused.member("errmsg").find("from ip: 127.0.0.1") != std::string::npos);
        rig.wecom.remove_fault(id);
        CHECK(rig.send("lisi", "3").errcode() == 0);
    }

    TEST_CASE("a proxy's error page comes instead of an answer") {
        FaultRig rig;
        rig.wecom.add_fault(sim::http_error(Call::send_message, 502, 1));
        const auto reply = rig.send("lisi", "hello");
        CHECK(reply.status == 502);
        CHECK(reply.body.starts_with("<html>"));
        CHECK(rig.shown() == 0);
    }

    TEST_CASE("a delayed call is answered later, as usual") {
        FaultRig rig;
        rig.wecom.add_fault(sim::delayed(Call::send_message, 100ms, 1));
        const auto began = std::chrono::steady_clock::now();
        CHECK(rig.send("lisi", "hello").errcode() == 0);
        CHECK(std::chrono::steady_clock::now() - began >= 100ms);
    }

    TEST_CASE("a connection that is closed before the work leaves nothing behind") {
        FaultRig rig;
        for (const auto kind : {FaultKind::drop_unread, FaultKind::drop_request}) {
            const auto call =
                kind == FaultKind::drop_unread ? std::nullopt : std::optional(Call::send_message);
            rig.wecom.add_fault(sim::connection_fault(kind, call, 1));
            const auto reply = rig.send("lisi", "hello");
            CHECK(reply.outcome == http::HttpOutcome::maybe_sent);
            CHECK(rig.shown() == 0);
        }
        CHECK(rig.send("lisi", "hello").errcode() == 0);
    }

    TEST_CASE("a connection that is closed after the work leaves the message delivered") {
        FaultRig rig;
        std::size_t shown = 0;
        for (const auto kind : {FaultKind::drop_answer, FaultKind::half_answer}) {
            rig.wecom.add_fault(sim::connection_fault(kind, Call::send_message, 1));
            const auto reply = rig.send("lisi", "hello");
            CHECK(reply.outcome == http::HttpOutcome::maybe_sent);
            CHECK(rig.shown() == ++shown);
        }
        CHECK(rig.send("lisi", "hello").errcode() == 0);
    }

    TEST_CASE("a call that hangs is never answered") {
        FaultRig rig;
        rig.wecom.add_fault(sim::connection_fault(FaultKind::hang, Call::send_message, 1));
        ApiCaller impatient(rig.wecom.api_base(), std::chrono::seconds(1));
        const auto reply = impatient.send(rig.token, 1000002, "lisi", "hello");
        CHECK(reply.outcome == http::HttpOutcome::maybe_sent);
        CHECK(rig.shown() == 1);
        CHECK(rig.send("lisi", "again").errcode() == 0);
    }

    TEST_CASE("a file can promise more bytes than it has, or never end, once each") {
        FaultRig rig;
        const auto id = rig.wecom.keep_media("file", "text/plain", "a file", "a.txt");
        const auto socket_for = [&](FaultKind kind) {
            rig.wecom.add_fault(sim::connection_fault(kind, Call::get_media, 1));
            auto socket = HttpSocket::connect(rig.wecom.port());
            socket.send("GET /cgi-bin/media/get?access_token=" + rig.token + "&media_id=" + id +
                        " HTTP/1.1\r\nHost: test\r\n\r\n");
            return socket;
        };
        auto longer = socket_for(FaultKind::wrong_length);
        const auto head = longer.read_head();
        REQUIRE(head);
        CHECK(head->find("\r\nContent-Length: 96\r\n") != std::string::npos);
        CHECK(head->find("X-Simulator") == std::string::npos);
        CHECK(longer.read_bytes(6) == "a file");
        CHECK_FALSE(longer.ends(std::chrono::milliseconds(50)));

        auto endless = socket_for(FaultKind::endless);
        const auto first = endless.read_head();
        REQUIRE(first);
        CHECK(first->find("Content-Length") == std::string::npos);
        CHECK(first->find("filename=\"a.txt\"") != std::string::npos);
        const auto bytes = endless.read_bytes(1'000'000);
        REQUIRE(bytes);
        CHECK(bytes->starts_with("a file...."));
        endless.close();
        CHECK(rig.send("lisi", "hello").errcode() == 0);
    }

    TEST_CASE("a repeat of a message whose answer got lost is shown once if it is checked") {
        FaultRig rig;
        rig.wecom.add_fault(sim::connection_fault(FaultKind::drop_answer, Call::send_message, 1));
        CHECK(rig.send("lisi", "hello").status == 0);
        CHECK(rig.send("lisi", "hello", R"("enable_duplicate_check":1)").errcode() == 0);
        CHECK(rig.shown() == 1);
    }

    TEST_CASE("in an outage connections are refused, after it they are taken at the same port") {
        FaultRig rig;
        const auto port = rig.wecom.port();
        rig.wecom.begin_outage();
        const auto refused = rig.send("lisi", "hello");
        CHECK(refused.status == 0);
        CHECK_FALSE(rig.wecom.snapshot().api_is_up);
        rig.wecom.end_outage();
        CHECK(rig.wecom.port() == port);
        CHECK(rig.send("lisi", "hello").errcode() == 0);
        CHECK(rig.wecom.snapshot().api_is_up);
    }

    TEST_CASE("a large body passes the relay in both directions") {
        FaultRig rig;
        const std::string bytes(9 * 1024 * 1024, 'x');
        const auto id = rig.wecom.keep_media("file", "application/octet-stream", bytes);
        CHECK(
            rig.api.get("/cgi-bin/media/get?access_token=" + rig.token + "&media_id=" + id).body ==
            bytes);
        CHECK(rig.send("lisi", std::string(1024 * 1024, 'y')).errcode() == 0);
        CHECK(rig.wecom.send_calls().back().sent_bytes == 1024 * 1024);
    }
}

}  // namespace hermes::test
