// Every way in which a file does not come: each ends as a sentence, and nothing waits for ever.
#include "files_in.hpp"
#include "support/http_scripted_server.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

AdapterRig::Change set_to(const char* key, boost::json::value value) {
    return [=](boost::json::object& settings) { settings[key] = value; };
}

std::string problem_of(const MessageEvent& event) {
    REQUIRE(event.attachments.size() == 1);
    CHECK(event.attachments[0].path.empty());
    REQUIRE(event.details.contains("attachments[0].problem"));
    const auto& problem = event.details.at("attachments[0].problem");
    CHECK(event.text == "[sent a picture] [" + problem + "]");
    return problem.substr(0, problem.find(" / "));
}

// What media/get answers instead: whole responses, one a connection.
class OddMedia {
public:
    explicit OddMedia(std::string response)
        : server_([response = std::move(response)](HttpSocket& connection, int) {
              while (auto request = connection.read_message()) {
                  if (request->head.starts_with("GET /cgi-bin/gettoken")) {
                      connection.send(http_ok(
                          R"({"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200})"));
                  } else {
                      connection.send(response);
                      return;
                  }
              }
          }) {}

    AdapterRig::Change change(const char* wait = "60s") const {
        return [base = "http://" + server_.address(), wait](boost::json::object& settings) {
            settings["api_base"] = base;
            settings["media_wait"] = wait;
        };
    }

private:
    HttpScriptedServer server_;
};

std::string media_response(const std::string& head, const std::string& body) {
    return "HTTP/1.1 200 OK\r\n" + head + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

TEST_SUITE("adapter/bad files") {
    TEST_CASE("an expired media id is told as such, at once") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, 40007));
        send_picture(rig, "alice");
        CHECK(problem_of(next_event(rig)) ==
              "the file is missing: WeCom no longer has it, since it keeps files for three days; "
              "ask for it again");
        CHECK(rig.wecom.calls(sim::Call::get_media) == 1);
        CHECK(rig.host.wait_for_line(LogLevel::warning,
                                     "event 1 of alice, app hr, goes to the agent without its "
                                     "file: "));
        CHECK(files_in(rig) == 0);
    }

    TEST_CASE("a file that is cut off on its way is asked for again") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::half_answer, sim::Call::get_media, 2));
        send_picture(rig, "alice", jpeg + std::string(200'000, 'x'));
        const auto event = next_event(rig, 1s);
        CHECK(event.attachments[0].size == jpeg.size() + 200'000);
        CHECK(rig.wecom.calls(sim::Call::get_media) == 3);
        CHECK(files_in(rig) == 1);
    }

    TEST_CASE("a file that is cut off each time goes missing when its time is over") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::half_answer, sim::Call::get_media));
        send_picture(rig, "alice");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        REQUIRE(rig.host.events.take(1'100ms) == std::nullopt);
        rig.clock.advance(60s);
        CHECK(problem_of(next_event(rig)) ==
              "the file is missing: it broke off on its way; ask for it again");
        rig.stop();  // the last attempt may have been under way
        CHECK(files_in(rig) == 0);
    }

    TEST_CASE("a file that never reaches the length that it promised is given up and tried again") {
        AdapterRig rig(set_to("media_wait", "3s"));
        rig.start();
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::wrong_length, sim::Call::get_media, 1));
        send_picture(rig, "alice");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        CHECK(bytes_of(next_event(rig, 1s).attachments[0].path) == jpeg);
        CHECK(rig.wecom.calls(sim::Call::get_media) == 2);
    }

    TEST_CASE("a file without an end is taken no further than it may be large") {
        AdapterRig rig(set_to("media_bytes_max", 1'000'000));
        rig.start();
        rig.wecom.add_fault(sim::connection_fault(sim::FaultKind::endless, sim::Call::get_media));
        send_picture(rig, "alice");
        CHECK(problem_of(next_event(rig)) ==
              "the file is missing: it is larger than this gateway takes");
        CHECK(files_in(rig) == 0);
    }

    TEST_CASE("a file of the largest size comes, one byte more does not") {
        AdapterRig rig(set_to("media_bytes_max", 100'000));
        rig.start();
        send_picture(rig, "alice", jpeg + std::string(100'000 - jpeg.size(), 'x'));
        CHECK(next_event(rig).attachments[0].size == 100'000);
        send_picture(rig, "alice", jpeg + std::string(100'001 - jpeg.size(), 'x'));
        CHECK(problem_of(next_event(rig)) ==
              "the file is missing: it is larger than this gateway takes");
        CHECK(rig.wecom.calls(sim::Call::get_media) == 2);
    }

    TEST_CASE("an empty file is told, a file of one byte comes") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice", "");
        CHECK(problem_of(next_event(rig)) == "the file is missing: it is empty");
        send_picture(rig, "alice", "x");
        CHECK(next_event(rig).attachments[0].size == 1);
    }

    TEST_CASE("a server in trouble is asked again") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::http_error(sim::Call::get_media, 502, 1));
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, -1, 1));
        rig.wecom.add_fault(
            sim::connection_fault(sim::FaultKind::drop_request, sim::Call::get_media, 1));
        send_picture(rig, "alice");
        CHECK(bytes_of(next_event(rig, 1s).attachments[0].path) == jpeg);
    }

    TEST_CASE("what the operator has to mend is told to both, when the time is over") {
        AdapterRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, 60020));
        send_picture(rig, "alice");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        REQUIRE(rig.host.events.take(1'100ms) == std::nullopt);
        rig.clock.advance(60s);
        CHECK(problem_of(next_event(rig)) ==
              "the file is missing: the gateway may not fetch files at the moment; its operator "
              "has to look");
        CHECK(rig.host.wait_for_line(LogLevel::warning, "is not among the app's trusted IPs"));
    }

    TEST_CASE("files that WeCom refuses by their token or by the setup cost few tokens") {
        for (const int code : {40014, 60020}) {
            CAPTURE(code);
            AdapterRig rig;
            rig.start();
            rig.wecom.add_fault(sim::api_error(sim::Call::get_media, code));
            for (int i = 0; i < 60; ++i) {  // ten minutes
                send_picture(rig, "member" + std::to_string(i % 6));
                rig.clock.advance(10s);
                rig.wecom.wait_until([] { return false; }, 50ms);
            }
            CHECK(rig.wecom.calls(sim::Call::get_media) > 0);
            CHECK(rig.wecom.gettoken_calls() < 20);
            rig.wecom.clear_faults();
            rig.clock.advance(60s);
            send_picture(rig, "alice");
            auto event = next_event(rig, 1s);
            while (event.user_id != "alice") {
                event = next_event(rig, 1s);
            }
            CHECK(bytes_of(event.attachments[0].path) == jpeg);
        }
    }

    TEST_CASE("a file that is not what it is said to be is told as what it is") {
        AdapterRig rig;
        rig.start();
        send_picture(rig, "alice", "<html><body>not a picture</body></html>", "photo.jpg");
        const auto event = next_event(rig);
        CHECK(event.attachments[0].path.ends_with(".bin"));
        CHECK(event.attachments[0].mime_type == "application/octet-stream");
    }

    TEST_CASE("a name that would lead out of the folder is told, and leads nowhere") {
        AdapterRig rig;
        rig.start();
        std::string long_name = "../../../etc/cron.d/";
        for (int i = 0; i < 300; ++i) {
            long_name += "中";
        }
        for (const auto& name : {std::string("../../../etc/cron.d/job"), std::string("\t\x80.sh"),
                                 std::string(".."), long_name + ".png"}) {
            CAPTURE(name);
            send_picture(rig, "alice", jpeg, name);
            const auto picture = next_event(rig).attachments[0];
            const auto folder = std::filesystem::path(picture.path).parent_path();
            CHECK(folder == rig.directory.path() / "media");
            CHECK(picture.path.ends_with(".jpg"));
            CHECK(picture.file_name.find('/') == std::string::npos);
            CHECK(picture.file_name.size() <= 255);
        }
    }

    TEST_CASE("what is no file of WeCom's is none, whatever its status says") {
        struct Row {
            const char* head;
            const char* body;
        };
        for (const auto& [head, body] : {
                 Row{"Content-Type: text/html", "<html>please log in</html>"},
                 Row{"Content-Type: application/json", "{}"},
                 Row{"Content-Type: application/json", "[1]"},
                 Row{"Content-Type: image/jpeg", R"( {"errcode": 0})"},
             }) {
            CAPTURE(body);
            const OddMedia odd(media_response(head, body));
            AdapterRig rig(odd.change());
            rig.start();
            send_picture(rig, "alice");
            REQUIRE(rig.host.events.take(1'100ms) == std::nullopt);
            rig.clock.advance(60s);
            CHECK(problem_of(next_event(rig)) ==
                  "the file is missing: it did not come in time; ask for it again");
            CHECK(rig.host.wait_for_line(LogLevel::warning, "something else than WeCom answered"));
        }
    }

    TEST_CASE("an error is one, whatever type is written over it, and with whatever status") {
        for (const auto* head : {"Content-Type: text/plain", "Content-Type: image/jpeg", "X: y"}) {
            CAPTURE(head);
            const OddMedia odd(
                media_response(head, R"({"errcode":40007,"errmsg":"invalid media_id"})"));
            AdapterRig rig(odd.change());
            rig.start();
            send_picture(rig, "alice");
            CHECK(problem_of(next_event(rig)).find("three days") != std::string::npos);
        }
    }

    TEST_CASE("a file without a Content-Disposition comes all the same") {
        const OddMedia odd(media_response("Content-Type: image/jpeg", jpeg));
        AdapterRig rig(odd.change());
        rig.start();
        send_picture(rig, "alice");
        const auto event = next_event(rig);
        CHECK(bytes_of(event.attachments[0].path) == jpeg);
        CHECK(event.attachments[0].file_name.empty());
    }

    TEST_CASE("on a full disk the message goes without its file, and the next has it again") {
        const auto disk = SmallDisk::mount(4);
        if (!disk) {
            return;
        }
        AdapterRig rig(set_to("media_dir", boost::json::string(disk->path() + "/media")));
        rig.start();
        disk->fill();
        send_picture(rig, "alice", jpeg + std::string(200'000, 'x'));
        REQUIRE(rig.host.events.take(1'100ms) == std::nullopt);
        rig.clock.advance(60s);
        CHECK(problem_of(next_event(rig)) == "the file is missing: the gateway's disk is full");
        disk->make_room();
        send_picture(rig, "alice");
        CHECK(bytes_of(next_event(rig, 1s).attachments[0].path) == jpeg);
    }
}

}  // namespace
}  // namespace hermes::test
