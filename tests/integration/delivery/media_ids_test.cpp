// What WeCom calls a file, from one that is sent it to the next.
#include <map>
#include <set>

#include "integration/delivery/files_out_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

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
            OutboundMessage message;
            message.account = "hr";
            message.chat = {"ww1:member" + std::to_string(n)};
            message.attachments = {chart};
            rig.send(std::move(message));
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
        OutboundMessage message;
        message.account = "hr";
        message.chat = {"ww1:alice"};
        message.attachments = {rig.attach(MessageKind::image, "chart.png", content)};
        rig.send(std::move(message));
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

    TEST_CASE("a dead token is replaced in the middle of it") {
        FilesRig rig;
        rig.start();
        rig.deliver("first", {});
        rig.wecom.revoke_access_token("hr", 42001);
        CHECK(rig.deliver_one(MessageKind::file, "a.txt", "content") == SendStatus::delivered);
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
    }
}

}  // namespace hermes::test
