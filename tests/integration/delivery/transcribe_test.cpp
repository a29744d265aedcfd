// Voice messages that an operator's program turns into text.
#include <sys/stat.h>

#include <cstdlib>

#include "files_in.hpp"
#include "support/no_threads.hpp"

namespace hermes::test {
namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

const std::string problem = "the voice message could not be turned into text / 语音未能转成文字";

AdapterRig::Change command(const std::vector<const char*>& words, const char* timeout = "60s") {
    boost::json::array list;
    for (const auto* word : words) {
        list.emplace_back(word);
    }
    return [=](boost::json::object& settings) {
        settings["transcribe_command"] = list;
        settings["transcribe_timeout"] = timeout;
    };
}

void speak(AdapterRig& rig, const std::string& words, const std::string& app = "hr") {
    const auto id = rig.wecom.keep_media("voice", "audio/amr", "#!AMR\n" + words, "voice.amr");
    REQUIRE(rig.wecom.write(app, "alice", sim::voice_message(id, "amr")).acknowledged);
}

void check_stays_voice(const AdapterRig& rig, const MessageEvent& event, const std::string& why) {
    CAPTURE(rig.host.all_lines());
    CHECK(event.text == "[sent a voice message] [" + problem + "]");
    CHECK(event.details.at("attachments[0].text_problem") == problem);
    CHECK_FALSE(event.attachments[0].path.empty());
    CHECK(rig.host.lines_with(", app hr, stays voice: transcribe_command " + why) == 1);
}

TEST_SUITE("adapter/transcribe") {
    TEST_CASE("what the program says of a voice message is its text, with the file beside it") {
        AdapterRig rig(command({"sed", "-n", "2p"}));
        rig.start();
        speak(rig, "  how many days of leave have I got?\n");
        const auto event = next_event(rig);
        CHECK(event.kind == MessageKind::voice);
        CHECK(event.text == "how many days of leave have I got?");
        CHECK(bytes_of(event.attachments[0].path).starts_with("#!AMR"));
        CHECK_FALSE(event.details.contains("attachments[0].text_problem"));
    }

    TEST_CASE("where no thread can be had it stays a voice message, and the next one is read") {
        AdapterRig rig(command({"sed", "-n", "2p"}));
        rig.start();
        {
            const NoThreads limit;
            speak(rig, "hello\n");
            check_stays_voice(rig, next_event(rig),
                              "cannot be run: this process may start no thread");
        }
        speak(rig, "hello again\n");
        CHECK(next_event(rig).text == "hello again");
    }

    TEST_CASE("the path stands where the command wants it") {
        AdapterRig rig(
            command({"sh", "-c", "tail -n 1 \"$1\"; echo \"$2\"", "-", "{file}", "end"}));
        rig.start();
        speak(rig, "hello\n");
        CHECK(next_event(rig).text == "hello\nend");
    }

    TEST_CASE(
        "pictures and files are not listened to, nor is a voice message that WeCom recognised") {
        AdapterRig rig(command({"sh", "-c", "echo listened"}));
        rig.start();
        send_picture(rig, "alice");
        CHECK(next_event(rig).text == "[sent a picture]");
        const auto id = rig.wecom.keep_media("voice", "audio/amr", "#!AMR\nwords", "voice.amr");
        const auto now = std::to_string(base::to_unix_ms(rig.clock.now()) / 1000);
        const auto prepared = rig.wecom.prepare_callback(
            "hr",
            "<xml><ToUserName>ww1</ToUserName><FromUserName>alice</FromUserName><CreateTime>" +
                now + "</CreateTime><MsgType>voice</MsgType><MediaId>" + id +
                "</MediaId><Recognition>as WeCom heard it</Recognition><MsgId>4711</MsgId>"
                "<AgentID>" +
                std::to_string(rig.wecom.world().apps[0].agent_id) + "</AgentID></xml>");
        http::HttpClient client;
        http::HttpClientRequest request;
        request.method = "POST";
        request.url = prepared.url;
        request.body = prepared.body;
        REQUIRE(client.fetch(request).status == 200);
        const auto event = next_event(rig);
        CHECK(event.text == "as WeCom heard it");
        CHECK_FALSE(event.attachments[0].path.empty());
    }

    TEST_CASE("each app may have its own program, or the one of all") {
        AdapterRig rig([](boost::json::object& settings) {
            settings["transcribe_command"] = boost::json::array{"sh", "-c", "echo for all"};
            settings["apps"].as_array()[1].as_object()["transcribe_command"] =
                boost::json::array{"sh", "-c", "echo for it"};
        });
        rig.start();
        speak(rig, "words", "hr");
        CHECK(next_event(rig).text == "for all");
        speak(rig, "words", "it");
        CHECK(next_event(rig).text == "for it");
    }

    TEST_CASE("what is written behind a voice message waits until it is text") {
        AdapterRig rig;
        const auto gate = (rig.directory.path() / "gate").string();
        REQUIRE(::mkfifo(gate.c_str(), 0600) == 0);
        rig.restart(command({"sh", "-c", ("cat " + gate).c_str()}));
        speak(rig, "words");
        write_text(rig, "alice", "behind it");
        write_text(rig, "bob", "elsewhere");
        CHECK(next_event(rig).text == "elsewhere");
        CHECK(rig.host.events.size() == 0);
        std::ofstream(gate) << "spoken";
        CHECK(next_event(rig).text == "spoken");
        CHECK(next_event(rig).text == "behind it");
    }

    TEST_CASE("a program that fails, however it does, leaves the voice message as it is") {
        struct Row {
            std::vector<const char*> command;
            const char* why;
        };
        for (const auto& [words, why] : {
                 Row{{"sh", "-c", "echo no model >&2; exit 3"}, "ended with status 3: no model"},
                 Row{{"sh", "-c", "kill -9 $$"}, "was ended by signal 9"},
                 Row{{"sh", "-c", "sleep 60"}, "took longer than transcribe_timeout (1 s)"},
                 Row{{"sh", "-c", "yes"}, "said more than 262144 bytes"},
                 Row{{"sh", "-c", "echo; echo ' '"}, "heard nothing"},
                 Row{{"/no/such/program"}, "could not be started: /no/such/program"},
             }) {
            CAPTURE(why);
            AdapterRig rig(command(words, "1s"));
            rig.start();
            speak(rig, "words");
            check_stays_voice(rig, next_event(rig), why);
        }
    }

    TEST_CASE("the program is given nothing of the gateway's settings, and nothing to read") {
        ::setenv("WECOM_CALLBACK_CORP_SECRET", "secret", 1);
        AdapterRig rig(command({"sh", "-c", "cat; env | grep -c WECOM_CALLBACK_"}));
        rig.start();
        speak(rig, "words");
        check_stays_voice(rig, next_event(rig), "ended with status 1");  // grep found none
        ::unsetenv("WECOM_CALLBACK_CORP_SECRET");
    }

    TEST_CASE("a stop ends a program that runs, and its message comes after the next start") {
        AdapterRig rig(command({"sh", "-c", "sleep 60"}));
        rig.start();
        speak(rig, "words");
        REQUIRE(wait_for_calls(rig, sim::Call::get_media, 1));
        const auto before = std::chrono::steady_clock::now();
        rig.stop();
        CHECK(std::chrono::steady_clock::now() - before < 10s);
        CHECK(rig.host.events.size() == 0);
        rig.restart(command({"sed", "-n", "2p"}));
        CHECK(next_event(rig).text == "words");
    }

    TEST_CASE("a voice message whose file is missing is not listened to") {
        AdapterRig rig(command({"sh", "-c", "echo listened"}));
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::get_media, 40007));
        speak(rig, "words");
        CHECK(next_event(rig).text.starts_with("[sent a voice message] [the file is missing"));
    }
}

}  // namespace
}  // namespace hermes::test
