// A member's file, through the real gateway, to a program that opens it.
#include <doctest/doctest.h>

#include <fstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

// Says what is in the file, or what it was told.
constexpr const char* reading_agent = "agent: {kind: command, command: [sh, read.sh]}\n";
constexpr const char* script =
    R"(
request=$(cat)
path=$(printf '%s' "$request" | sed -n 's/.*"path":"\([^"]*\)".*
    /\1 / p') problem =
        $(printf '%s' "$request" | sed - n 's/.*"problem":"\([^"]*\)".*/\1/p') if[-n "$path"];
then printf 'in the file: %s' "$(cat " $path ")" elif[-n "$problem"];
then printf 'no file: %s' "$problem" else printf 'no file was meant'; fi
)";

struct FileRig : GatewayRig {
    explicit FileRig(const std::string& extra = {}) : GatewayRig(extra, reading_agent) {
        std::ofstream(files.directory() / "read.sh") << script;
    }
    bool send(const std::string& user, const std::string& bytes) {
        const auto id = wecom.keep_media("file", "text/plain", bytes, "notes.txt");
        return wecom.write("hr", user, sim::file_message(id, "notes.txt")).acknowledged;
    }
};

}  // namespace

TEST_SUITE("e2e/files in") {
    TEST_CASE("the agent opens what a member has sent") {
        FileRig rig;
        CHECK(rig.send("alice", "三张发票"));
        CHECK(rig.answer("hr", "alice") == "in the file: 三张发票");
        CHECK(rig.write("hr", "alice", "thank you"));
        CHECK(rig.answer("hr", "alice") == "no file was meant");
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
        CHECK(rig.answer("hr", "alice") == "in the file: three invoices");
        CHECK(rig.answer("hr", "alice") == "no file was meant");
        CHECK(rig.wecom.calls(sim::Call::get_media) == 2);
    }

    TEST_CASE("the agent is told why a file is missing") {
        FileRig rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, 40007));
        CHECK(rig.send("alice", "never seen"));
        CHECK(
            rig.answer("hr", "alice").starts_with("no file: the file is missing: WeCom no longer"));
    }
}

}  // namespace hermes::test
