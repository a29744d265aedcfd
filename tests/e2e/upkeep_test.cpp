// `state trace`, `state waiting`, `state backup`, `state forget`, beside a running gateway.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "e2e/gateway_rig.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;

struct Kept : GatewayRig {
    using GatewayRig::GatewayRig;

    Finished state(const std::vector<std::string>& words) const { return files.state(words); }
    // Until it prints that, since what is told is written a moment after it happened.
    Finished state_with(const std::vector<std::string>& words, const std::string& printed) const {
        Finished finished;
        eventually([&] {
            finished = state(words);
            return finished.out.find(printed) != std::string::npos;
        });
        return finished;
    }
    // Everything in the state's files.
    std::string stored_bytes() const {
        std::ostringstream bytes;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(
                 files.directory() / "data" / "wecom_callback")) {
            if (entry.is_regular_file()) {
                bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
            }
        }
        return bytes.str();
    }
};

}  // namespace

TEST_SUITE("e2e/upkeep") {
    TEST_CASE("what became of a message is a timeline, found by number, chat, or being the last") {
        Kept rig;
        CHECK(rig.write("hr", "alice", "the words"));
        CHECK(rig.answer("hr", "alice") == "echo: the words");
        const auto last = rig.state_with({"trace"}, "taken by the platform");
        CHECK(last.exit_code == 0);
        check_told(last.out, "event 1, app hr, chat ww1:alice\n");
        check_told(last.out, "received, stored and acknowledged\n");
        check_told(last.out, "attempt 1 of the agent begins\n");
        check_told(last.out, "answered, and the answer is stored\n");
        check_told(last.out, "attempt 1 to send the answer: taken after ");
        check_told(last.out, "the answer was taken by the platform, its message id is ");
        CHECK(last.out.find("the words") == std::string::npos);
        CHECK(rig.state({"trace", "1"}).out == last.out);
        CHECK(rig.state({"trace", "in-1"}).out == last.out);
        CHECK(rig.state({"trace", "--chat", "ww1:Alice"}).out == last.out);
        CHECK(rig.state({"trace", "17"}).exit_code == 1);
        CHECK(rig.state({"trace", "--chat", "ww1:bob"}).exit_code == 1);
        check_told(rig.state({"--json", "trace"}).out, R"([{"event":"1","account":"hr")");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("what waits is a line with its reason, and its words only for who asks for JSON") {
        Kept rig;
        CHECK(rig.state({"waiting"}).out == "nothing waits\n");
        const auto fault = rig.wecom.add_fault(sim::api_error(sim::Call::send_message, -1));
        CHECK(rig.write("hr", "alice", "the words"));
        const auto waiting = rig.state_with({"waiting"}, "busy");
        CHECK(waiting.exit_code == 0);
        CHECK(waiting.out.starts_with("out-1, app hr, chat ww1:alice, since 20"));
        check_told(waiting.out, ": waits to be sent, attempts: ");
        CHECK(waiting.out.find("the words") == std::string::npos);
        check_told(rig.state({"--json", "waiting"}).out, R"("preview":"echo: the words")");
        rig.wecom.remove_fault(fault);
        CHECK(rig.answer("hr", "alice") == "echo: the words");
        rig.state_with({"waiting"}, "nothing waits");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("an answer that was set aside says why, and what retries it") {
        Kept rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("sales", "bob", "hello"));
        const auto story = rig.state_with({"trace"}, "set aside");
        check_told(story.out, "attempt 1 to send the answer: failed after ");
        check_told(story.out, "the answer was set aside as out-1");
        check_told(story.out, "60111");
        CHECK(rig.state({"trace", "out-1"}).out == story.out);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a backup is whole, for its owner alone, overwrites nothing, and can be run on") {
        Kept rig;
        const auto fault = rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("hr", "alice", "kept for good"));
        rig.state_with({"trace"}, "set aside");
        const auto file = rig.files.directory() / "backup.db";
        const auto backup = rig.state({"backup", file.string()});
        CAPTURE(backup.err);
        CHECK(backup.exit_code == 0);
        check_told(backup.out, file.string() + " holds all of ");
        check_told(backup.out, "0 waiting in the inbox, 0 in the outbox");
        struct stat status {};
        REQUIRE(::stat(file.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0600);
        const auto again = rig.state({"backup", file.string()});
        CHECK(again.exit_code == 1);
        check_told(again.err, "is there already: a backup overwrites nothing");
        rig.wecom.remove_fault(fault);
        CHECK(rig.write("hr", "alice", "written after it"));
        CHECK(rig.answer("hr", "alice") == "echo: written after it");
        CHECK(rig.gateway->stop() == 0);

        rig.files.write(rig.wecom.world(), "state: " + file.string() + "\n");
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        check_told(rig.state({"dead", "list"}).out, "echo: kept for good");
        CHECK(rig.state({"dead", "retry", "--all"}).exit_code == 0);
        CHECK(rig.answer("hr", "alice") == "echo: kept for good");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a member who is forgotten has left no word, and nobody else has lost one") {
        Kept rig;
        rig.wecom.add_fault(sim::api_error(sim::Call::send_message, 60111));
        CHECK(rig.write("hr", "alice", "a secret of hers"));
        CHECK(rig.write("hr", "bob", "a secret of his"));
        rig.state_with({"trace", "2"}, "set aside");
        rig.state_with({"trace", "1"}, "set aside");
        check_told(rig.stored_bytes(), "a secret of hers");
        const auto forgotten = rig.state({"forget", "ww1:Alice"});
        CAPTURE(forgotten.err);
        CHECK(forgotten.exit_code == 0);
        check_told(forgotten.out, "ww1:Alice: removed 1 text, 0 files and 1 other thing\n");
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.stored_bytes().find("a secret of hers") == std::string::npos);
        check_told(rig.stored_bytes(), "a secret of his");
        check_told(rig.state({"dead", "list"}).out, "ww1:bob");
        CHECK(rig.state({"dead", "list"}).out.find("alice") == std::string::npos);
        CHECK(rig.state({"forget", "alice"}).exit_code == 1);
    }
}

}  // namespace hermes::test
