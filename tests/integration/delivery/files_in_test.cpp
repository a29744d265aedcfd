// Files that members send reach the host, in order, and across a restart.
#include <sys/stat.h>

#include <algorithm>

#include "files_in.hpp"
#include "support/http_socket.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

TEST_SUITE("adapter/files in") {
    TEST_CASE("a picture is handed over with the path of its file") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice", jpeg, "发票.jpg");
        const auto event = next_event(rig);
        CHECK(event.kind == MessageKind::image);
        CHECK(event.text == "[sent a picture]");
        REQUIRE(event.attachments.size() == 1);
        const auto& picture = event.attachments[0];
        CHECK(bytes_of(picture.path) == jpeg);
        CHECK(picture.path.starts_with((rig.directory.path() / "media" / event.id.value).string()));
        CHECK(picture.path.ends_with(".jpg"));
        CHECK(picture.mime_type == "image/jpeg");
        CHECK(picture.size == jpeg.size());
        CHECK(picture.file_name == "发票.jpg");
        CHECK_FALSE(event.details.contains("attachments[0].problem"));
        CHECK(rig.adapter->begin(event.id));
        CHECK(files_in(rig) == 1);
    }

    TEST_CASE("voice, video and file come likewise, each as what is in it") {
        AdapterRig rig;
        rig.start();
        struct Row {
            MessageKind kind;
            std::string bytes;
            std::string name;
            std::string suffix;
        };
        for (const auto& [kind, bytes, name, suffix] :
             {Row{MessageKind::voice, "#!AMR\n\x3c speech", "voice", ".amr"},
              Row{MessageKind::video, std::string("\0\0\0\x18", 4) + "ftypmp42", "video", ".mp4"},
              Row{MessageKind::file, "a,b\n1,2\n", "table.csv", ".csv"},
              Row{MessageKind::file, R"({"errcode": 40007, "errmsg": "mine"})", "a.json",
                  ".json"}}) {
            CAPTURE(suffix);
            const auto id = rig.wecom.keep_media("file", "application/octet-stream", bytes, name);
            const auto message = kind == MessageKind::voice   ? sim::voice_message(id, "amr")
                                 : kind == MessageKind::video ? sim::video_message(id)
                                                              : sim::file_message(id, name);
            REQUIRE(rig.wecom.write("hr", "alice", message).acknowledged);
            const auto event = next_event(rig);
            CHECK(event.kind == kind);
            CHECK(event.attachments[0].path.ends_with(suffix));
            CHECK(bytes_of(event.attachments[0].path) == bytes);
        }
    }

    TEST_CASE("a large file comes whole") {
        AdapterRig rig;
        rig.start();
        std::string bytes = jpeg;
        while (bytes.size() < 3'000'000) {
            bytes += std::to_string(bytes.size());
        }
        send_picture(rig, "alice", bytes);
        CHECK(bytes_of(next_event(rig).attachments[0].path) == bytes);
    }

    TEST_CASE("what alice writes behind her picture waits for it, bob's does not, nor a /stop") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang, sim::Call::get_media, 1));
        send_picture(rig, "alice");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        write_text(rig, "alice", "what is this?");
        write_text(rig, "bob", "hello");
        CHECK(next_event(rig).text == "hello");
        write_text(rig, "alice", "/stop");
        CHECK(next_event(rig).text == "/stop");
        CHECK(rig.host.events.size() == 0);
        rig.clock.advance(60s);
        const auto picture = next_event(rig);
        CHECK(picture.kind == MessageKind::image);
        CHECK(picture.attachments[0].path.empty());
        CHECK(picture.details.at("attachments[0].problem")
                  .starts_with("the file is missing: it did not come in time"));
        CHECK(next_event(rig).text == "what is this?");
    }

    TEST_CASE("WeCom has its answer before the file is asked for") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang, sim::Call::get_media));
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang, sim::Call::get_token));
        send_picture(rig, "alice");  // is acknowledged
        CHECK(rig.host.events.size() == 0);
    }

    TEST_CASE("a file that was under way when the gateway was stopped comes after the restart") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::hang, sim::Call::get_media, 1));
        send_picture(rig, "alice");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        write_text(rig, "alice", "what is this?");
        rig.stop();
        CHECK(rig.host.events.size() == 0);
        CHECK(files_in(rig) == 0);
        rig.restart();
        const auto picture = next_event(rig);
        CHECK(bytes_of(picture.attachments[0].path) == jpeg);
        CHECK(picture.attempt == 1);
        CHECK_FALSE(picture.redelivered);
        CHECK(next_event(rig).text == "what is this?");
    }

    TEST_CASE("a file that is here is not asked for again when its event comes again") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice");
        const auto first = next_event(rig);
        rig.restart();
        const auto again = next_event(rig);
        CHECK(again.id == first.id);
        CHECK(again.attachments[0].path == first.attachments[0].path);
        CHECK(again.attachments[0].file_name == "photo.jpg");
        CHECK(rig.wecom.calls(sim::Call::get_media) == 1);
    }

    TEST_CASE("a dead access token is replaced, and nothing of the refusal gets into the file") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice");
        next_event(rig);
        rig.wecom.revoke_access_token("hr");
        send_picture(rig, "alice", jpeg + " once more");
        CHECK(bytes_of(next_event(rig).attachments[0].path) == jpeg + " once more");
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
    }

    TEST_CASE("a picture without a MediaId is handed over as it is") {
        AdapterRig rig;
        rig.start();
        REQUIRE(rig.wecom.write("hr", "alice", sim::image_message("", "http://p/")).acknowledged);
        const auto event = next_event(rig);
        CHECK(event.attachments[0].url == "http://p/");
        CHECK(event.attachments[0].path.empty());
        CHECK(rig.wecom.calls(sim::Call::get_media) == 0);
    }

    TEST_CASE("the trace and the metrics tell of files") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice");
        const auto event = next_event(rig);
        std::string handed_over;
        while (auto step = rig.host.steps.take(0ms)) {
            if (step->kind == TraceStep::Kind::handed_over) {
                handed_over = step->sentence;
            }
        }
        CHECK(handed_over == "goes to the agent, attempt 1, with a file of " +
                                 std::to_string(jpeg.size()) + " bytes");
        auto page = HttpSocket::connect(rig.port());
        page.send("GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n");
        const auto metrics = page.read_message();
        REQUIRE(metrics);
        CHECK(metrics->body.find("wecom_files_fetched_total 1\n") != std::string::npos);
        CHECK(metrics->body.find("wecom_files_missing_total 0\n") != std::string::npos);
    }

    TEST_CASE("it can bring each kind of file up to the size that is set, where it hands over") {
        AdapterRig rig([](boost::json::object& settings) { settings["media_bytes_max"] = 5'000; });
        rig.start();
        const auto can = rig.adapter->capabilities().attachments_in;
        REQUIRE(can.size() == 4);
        for (const auto kind :
             {MessageKind::image, MessageKind::voice, MessageKind::video, MessageKind::file}) {
            CHECK(std::count(can.begin(), can.end(), AttachmentLimit{kind, 5'000}) == 1);
        }
    }

    TEST_CASE(
        "a folder for files that can't be is a reason not to start, with the setting's name") {
        AdapterRig rig([](boost::json::object& settings) { settings["media_dir"] = "file"; });
        std::ofstream(rig.directory.path() / "file") << "x";
        std::string said = "it started";
        try {
            rig.start();
        } catch (const std::runtime_error& error) {
            said = error.what();
        }
        CHECK(said == "media_dir " + (rig.directory.path() / "file").string() +
                          ": no file can be written there: give this user a folder of its own");
    }

    TEST_CASE("a folder that others can look into is told at start") {
        AdapterRig rig([](boost::json::object& settings) { settings["media_dir"] = "shared"; });
        const auto folder = rig.directory.path() / "shared";
        std::filesystem::create_directory(folder);
        ::chmod(folder.c_str(), 0755);
        rig.start();
        CHECK(rig.host.wait_for_line(LogLevel::warning,
                                     "can be looked into by other users of this machine"));
        send_picture(rig, "alice");
        CHECK(next_event(rig).attachments[0].path.starts_with(folder.string()));
    }
}

}  // namespace
}  // namespace hermes::test
