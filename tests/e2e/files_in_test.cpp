// A member's file, through the real gateway, to a program that opens it: examples/agents/files.py.
#include <doctest/doctest.h>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

struct FileRig : GatewayRig {
    explicit FileRig(const std::string& extra = {})
        : GatewayRig(extra, std::string("agent: {kind: command, command: [python3, ") +
                                HERMES_EXAMPLES + "/files.py]}\n") {}
    bool send(const std::string& user, const std::string& bytes) {
        const auto id = wecom.keep_media("file", "text/plain", bytes, "notes.txt");
        return wecom.write("hr", user, sim::file_message(id, "notes.txt")).acknowledged;
    }
};

const std::string asks_for_one = "Send me a picture, a voice message or a file.";

}  // namespace

TEST_SUITE("e2e/files in") {
    TEST_CASE("the agent opens what a member has sent") {
        FileRig rig;
        CHECK(rig.send("alice", "三张发票\nand more"));
        CHECK(rig.answer("hr", "alice") == "notes.txt begins with: 三张发票");
        const auto picture = rig.wecom.keep_media("image", "image/jpeg", "\xff\xd8\xff\xe0");
        CHECK(
            rig.wecom.write("hr", "alice", sim::image_message(picture, "http://p/")).acknowledged);
        CHECK(rig.answer("hr", "alice") == "A picture: image/jpeg, 4 bytes.");
        CHECK(rig.write("hr", "alice", "thank you"));
        CHECK(rig.answer("hr", "alice") == asks_for_one);
    }

    TEST_CASE("a voice message is told as what was said in it") {
        FileRig rig("transcribe_command: [sed, -n, 2p]\n");
        const auto id =
            rig.wecom.keep_media("voice", "audio/amr", "#!AMR\n几天假？\n", "voice.amr");
        CHECK(rig.wecom.write("hr", "alice", sim::voice_message(id, "amr")).acknowledged);
        CHECK(rig.answer("hr", "alice") == "You said: 几天假？");
    }

    TEST_CASE("a gateway that is killed while a file is on its way brings it, in order") {
        FileRig rig;
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::wrong_length, sim::Call::get_media, 1));
        CHECK(rig.send("alice", "three invoices"));
        CHECK(rig.write("hr", "alice", "what is it?"));
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.calls(sim::Call::get_media) == 1; },
                                     patience));
        rig.gateway->kill();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(rig.answer("hr", "alice") == "notes.txt begins with: three invoices");
        CHECK(rig.answer("hr", "alice") == asks_for_one);
        CHECK(rig.wecom.calls(sim::Call::get_media) == 2);
    }

    TEST_CASE("the agent is told why a file is missing") {
        FileRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, 40007));
        CHECK(rig.send("alice", "never seen"));
        CHECK(rig.answer("hr", "alice")
                  .starts_with("I did not get it: the file is missing: WeCom no longer"));
    }
}

}  // namespace hermes::test
