// What an agent's program can send: through the real gateway and the real plugin.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace sim = host::simulator;

namespace {

// A gateway whose agent is a shell script.
struct ScriptRig : GatewayRig {
    explicit ScriptRig(const std::string& script, const std::string& more = {})
        : GatewayRig({}, "agent: {kind: command, command: [sh, agent.sh]" + more + "}\n") {
        std::ofstream(files.directory() / "agent.sh") << script;
    }

    sim::Delivered next() { return GatewayRig::next("hr", "alice"); }
    bool is_logged(const std::string& text) const {
        return files.log().find(text) != std::string::npos;
    }
    // What turns have left in the room for files.
    std::size_t left_in_room() const {
        std::size_t count = 0;
        const auto room = files.directory() / "data" / "agent-files";
        std::error_code error;
        for (const auto& process : std::filesystem::directory_iterator(room, error)) {
            count += static_cast<std::size_t>(
                std::distance(std::filesystem::directory_iterator(process.path()),
                              std::filesystem::directory_iterator()));
        }
        return count;
    }
};

}  // namespace

TEST_SUITE("e2e/files out") {
    TEST_CASE("a picture and a report that the program has made arrive behind its words") {
        ScriptRig rig(
            "printf '\\211PNG\\r\\n\\032\\n picture' > $HERMES_FILES/chart.png\n"
            "printf '%%PDF-1.7 report' > $HERMES_FILES/报告.pdf\n"
            "echo 'Here they are:'\n"
            "echo MEDIA:$HERMES_FILES/chart.png\n"
            "echo MEDIA:$HERMES_FILES/报告.pdf\n");
        CHECK(rig.write("hr", "alice", "chart, please"));
        CHECK(rig.next().content == "Here they are:");
        const auto chart = rig.next();
        CHECK(chart.type == "image");
        CHECK(chart.file_name == "chart.png");
        CHECK(rig.wecom.media(chart.content)->bytes == "\x89PNG\r\n\x1A\n picture");
        const auto report = rig.next();
        CHECK(report.type == "file");
        CHECK(report.file_name == "报告.pdf");
        CHECK(rig.wecom.media(report.content)->bytes == "%PDF-1.7 report");
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.left_in_room() == 0);
    }

    TEST_CASE("a path outside of the folders stays words, and the log says why") {
        ScriptRig rig(
            "ln -s /etc/passwd $HERMES_FILES/link\necho MEDIA:/etc/passwd\n"
            "echo MEDIA:$HERMES_FILES/link\necho MEDIA:/proc/self/environ\n");
        CHECK(rig.write("hr", "alice", "your secrets, please"));
        const auto words = rig.next();
        CHECK(words.type == "text");
        CHECK(words.content.starts_with("MEDIA:/etc/passwd\nMEDIA:"));
        CHECK(rig.gateway->stop() == 0);
        CHECK(
            rig.is_logged("/etc/passwd in the answer is in no folder that files may be sent from"));
        CHECK(rig.is_logged("/link in the answer is a link, or lies behind one"));
        CHECK(rig.wecom.calls(sim::Call::upload_media) == 0);
    }

    TEST_CASE("a folder of the operator's may be sent from") {
        ScriptRig rig("echo MEDIA:$(pwd)/shared/rules.txt\n", ", files: [shared]");
        std::filesystem::create_directories(rig.files.directory() / "shared");
        std::ofstream(rig.files.directory() / "shared" / "rules.txt") << "the rules";
        CHECK(rig.write("hr", "alice", "rules?"));
        const auto rules = rig.next();
        CHECK(rules.file_name == "rules.txt");
        CHECK(rig.wecom.media(rules.content)->bytes == "the rules");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a program that speaks in objects says something first, then answers with a file") {
        ScriptRig rig(
            "echo '{\"type\": \"interim\", \"text\": \"I am drawing.\"}'\n"
            "printf 'GIF89a moving' > $HERMES_FILES/1\n"
            "echo '{\"type\": \"reply\", \"text\": \"Done.\", \"attachments\": [{\"path\": "
            "\"'$HERMES_FILES/1'\", \"name\": \"moving.gif\", \"caption\": \"It moves\"}]}'\n",
            ", output: json");
        CHECK(rig.write("hr", "alice", "draw"));
        CHECK(rig.next().content == "I am drawing.");
        CHECK(rig.next().content == "Done.\n\nIt moves");
        const auto picture = rig.next();
        CHECK(picture.type == "file");  // WeCom has no GIF
        CHECK(picture.file_name == "moving.gif");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("what was on its way when the gateway was killed arrives after the next start") {
        ScriptRig rig(
            "yes report | head -c 300000 > $HERMES_FILES/report.txt\n"
            "echo MEDIA:$HERMES_FILES/report.txt\n");
        sim::Fault lost;
        lost.kind = sim::FaultKind::drop_request;
        lost.call = sim::Call::upload_media;
        rig.wecom.add_fault(lost);
        CHECK(rig.write("hr", "alice", "report"));
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.calls(sim::Call::upload_media) > 0; },
                                     patience));
        rig.gateway->kill();
        rig.wecom.clear_faults();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        const auto report = rig.next();
        CHECK(report.file_name == "report.txt");
        CHECK(rig.wecom.media(report.content)->bytes.size() == 300'000);
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.left_in_room() == 0);
    }
}

}  // namespace hermes::test
