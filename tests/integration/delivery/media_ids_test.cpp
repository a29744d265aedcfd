// What WeCom calls a file, from one that is sent it to the next.
#include <map>
#include <set>

#include <atomic>

#include "integration/delivery/files_out_rig.hpp"
#include "support/http_scripted_server.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

void send_to(FilesRig& rig, const std::string& user, Attachment attachment) {
    OutboundMessage message;
    message.account = "hr";
    message.chat = {"ww1:" + user};
    message.attachments = {std::move(attachment)};
    rig.send(std::move(message));
}

// WeCom whose first token is dead from the beginning, and which says so to the first upload only
// when the test lets it.
class WecomThatKeepsWaiting {
public:
    ~WecomThatKeepsWaiting() { let_go(); }

    std::string api_base() const { return "http://" + server_.address(); }
    bool wait_for_upload() { return uploading_.take().has_value(); }
    void let_go() { let_go_.put(true); }

    std::atomic<int> tokens{0};
    std::atomic<int> charts{0};  // uploads of chart.png

private:
    std::string answer(const RawMessage& request) {
        const auto says = [&](const char* words) {
            return request.head.find(words) != std::string::npos;
        };
        if (says("/cgi-bin/gettoken")) {
            return R"({"errcode":0,"errmsg":"ok","expires_in":7200,"access_token":"token-)" +
                   std::to_string(++tokens) + R"("})";
        }
        const bool is_dead = says("access_token=token-1");
        const bool is_upload = says("/cgi-bin/media/upload");
        charts += is_upload && request.body.find("chart.png") != std::string::npos ? 1 : 0;
        if (is_upload && is_dead) {
            uploading_.put(true);
            let_go_.take();
        }
        return is_dead ? R"({"errcode":42001,"errmsg":"access_token expired"})"
                       : R"({"errcode":0,"errmsg":"ok","media_id":"m","msgid":"id"})";
    }

    Mailbox<bool> uploading_, let_go_;
    HttpScriptedServer server_{[this](HttpSocket& connection, int) {
        while (const auto request = connection.read_message()) {
            connection.send(http_ok(answer(*request)));
        }
    }};
};

}  // namespace

TEST_SUITE("delivery of files: media ids") {
    TEST_CASE("a file that goes to many is uploaded once, also after a restart") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(100'000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.restart();
        rig.deliver_one(MessageKind::image, "chart.png", content);
        CHECK(rig.seen().size() == 3);
        CHECK(rig.uploads() == 1);
    }

    TEST_CASE("a file that goes to many at once is uploaded once, and tried again by the same id") {
        FilesRig rig;
        rig.start();
        rig.wecom.add_fault(sim::delayed(sim::Call::upload_media, 500ms));
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1));
        const auto chart = rig.attach(MessageKind::image, "chart.png", content_of(1000, png_head));
        for (int n = 0; n < 8; ++n) {
            send_to(rig, "member" + std::to_string(n), chart);
        }
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(1min);
        for (int n = 0; n < 8; ++n) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(rig.uploads() == 1);
        std::map<std::string, std::set<std::string>> requests;  // by member
        for (const auto& call : rig.wecom.send_calls()) {
            const auto body = boost::json::parse(call.request_body).as_object();
            requests[std::string(body.at("touser").as_string())].insert(call.request_body);
        }
        CHECK(rig.wecom.send_calls().size() == 9);
        CHECK(requests.size() == 8);
        for (const auto& [member, bodies] : requests) {
            CAPTURE(member);
            CHECK(bodies.size() == 1);
        }
        CHECK(rig.seen().size() == 8);
    }

    TEST_CASE("what may have come through is tried again by its id, also when that has aged") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(1000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.clock.advance(std::chrono::hours{65} + 59min);
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_answer, sim::Call::send_message, 1));
        send_to(rig, "alice", rig.attach(MessageKind::image, "chart.png", content));
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.clock.advance(2min);
        CHECK(rig.next_result().status == SendStatus::delivered);
        const auto calls = rig.wecom.send_calls();
        REQUIRE(calls.size() == 3);
        CHECK(calls[1].request_body == calls[2].request_body);
        CHECK(rig.seen().size() == 2);
        CHECK(rig.uploads() == 1);
    }

    TEST_CASE("another content, another name or another kind is uploaded anew") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(1000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.deliver_one(MessageKind::image, "chart.png", content + "!");
        rig.deliver_one(MessageKind::image, "other.png", content);
        rig.deliver_one(MessageKind::file, "chart.png", content);
        CHECK(rig.uploads() == 4);
    }

    TEST_CASE("after three days, less a margin, it is uploaded anew before WeCom complains") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(1000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.clock.advance(std::chrono::hours{65});
        rig.deliver_one(MessageKind::image, "chart.png", content);
        CHECK(rig.uploads() == 1);
        rig.clock.advance(std::chrono::hours{2});
        CHECK(rig.deliver_one(MessageKind::image, "chart.png", content) == SendStatus::delivered);
        CHECK(rig.uploads() == 2);
        CHECK(rig.wecom.send_calls().size() == 3);
    }

    TEST_CASE("an id that WeCom has forgotten (40007) is renewed, once") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(1000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40007, 1));
        CHECK(rig.deliver_one(MessageKind::image, "chart.png", content) == SendStatus::delivered);
        CHECK(rig.uploads() == 2);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        CHECK(rig.uploads() == 2);
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40007));
        const auto result = rig.deliver("", {rig.attach(MessageKind::image, "chart.png", content)});
        CHECK(result.status == SendStatus::failed);
        CHECK(result.platform_code == 40007);
        CHECK(rig.uploads() == 3);
    }

    TEST_CASE("an id that WeCom has forgotten is renewed also if another kind's was just before") {
        FilesRig rig;
        rig.start();
        const auto content = content_of(1000, png_head);
        rig.deliver_one(MessageKind::image, "chart.png", content);
        rig.deliver_one(MessageKind::file, "chart.png", content);
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 40007, 2));
        rig.wecom.add_fault(sim::api_error(sim::Call::upload_media, 40004, 1));
        CHECK(rig.deliver_one(MessageKind::image, "chart.png", content) == SendStatus::delivered);
        CHECK(rig.seen().back() == "file chart.png");
        CHECK(rig.uploads() == 4);
    }

    TEST_CASE("a dead token is replaced in the middle of it") {
        FilesRig rig;
        rig.start();
        rig.deliver("first", {});
        rig.wecom.revoke_access_token("hr", 42001);
        CHECK(rig.deliver_one(MessageKind::file, "a.txt", "content") == SendStatus::delivered);
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
    }

    TEST_CASE("a token that is dead in an upload that many wait for is replaced once, for all") {
        FilesRig rig;
        rig.start();
        rig.deliver("first", {});
        rig.wecom.revoke_access_token("hr", 42001);
        rig.wecom.add_fault(sim::delayed(sim::Call::upload_media, 500ms, 1));
        const auto chart = rig.attach(MessageKind::image, "chart.png", content_of(1000, png_head));
        for (int n = 0; n < 8; ++n) {
            send_to(rig, "member" + std::to_string(n), chart);
        }
        for (int n = 0; n < 8; ++n) {
            CHECK(rig.next_result().status == SendStatus::delivered);
        }
        CHECK(rig.uploads() == 2);
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
        CHECK(rig.wecom.send_calls().size() == 9);
    }

    TEST_CASE("a token that is dead in an upload says nothing of a younger one that waits for it") {
        WecomThatKeepsWaiting wecom;
        FilesRig rig([&](auto& settings) { settings["api_base"] = wecom.api_base(); });
        rig.start();
        const auto content = content_of(1000, png_head);
        const auto chart = rig.attach(MessageKind::image, "chart.png", content);
        send_to(rig, "alice", chart);
        REQUIRE(wecom.wait_for_upload());
        rig.send_text("hr", "ww1:bob", "hello");  // by which the app has another token
        CHECK(rig.next_result().status == SendStatus::delivered);
        send_to(rig, "carol", chart);
        // Behind hers: once it is out, hers waits for the upload.
        send_to(rig, "dave", rig.attach(MessageKind::image, "other.png", content));
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.results.size() == 0);
        wecom.let_go();
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(wecom.tokens.load() == 2);
        CHECK(wecom.charts.load() == 2);
    }
}

}  // namespace hermes::test
