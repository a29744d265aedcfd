// Agents whose answers bring files: what is attached, what stays as it was written.
#include "agents/answer_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "fakes.hpp"
#include "support/temp_directory.hpp"

namespace fs = std::filesystem;
using namespace hermes::host;
using hermes::MessageKind;
using hermes::host::test::event;

namespace {

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// Says what the test wants, having written what it wants.
class ScriptedAgent final : public Agent {
public:
    using Script = std::function<AgentReply(const AgentRequest&)>;
    explicit ScriptedAgent(Script script) : script_(std::move(script)) {}
    AgentReply answer(const AgentRequest& request, std::stop_token) override {
        return script_(request);
    }

private:
    Script script_;
};

struct Rig {
    AgentReply run(ScriptedAgent::Script script) const {
        const auto agent =
            with_answer_files(std::make_unique<ScriptedAgent>(std::move(script)), {shared()});
        AgentRequest request;
        request.event = event("e1", "a chart, please");
        request.files = {.room = room(), .count_max = 3, .bytes_max = 100};
        return agent->answer(request, {});
    }
    AgentReply say(const std::string& text) const {
        return run([&](const AgentRequest&) {
            AgentReply reply;
            reply.text = text;
            return reply;
        });
    }
    std::string write(const std::string& name, const std::string& content) const {
        fs::create_directories(shared());
        std::ofstream(shared() / name, std::ios::binary) << content;
        return (shared() / name).string();
    }
    fs::path room() const { return directory.path() / "room"; }
    fs::path shared() const { return directory.path() / "shared"; }
    std::size_t folders_in_room() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(room()), fs::directory_iterator()));
    }

    hermes::test::TempDirectory directory;
};

}  // namespace

TEST_SUITE("host_stub/agents/answer_files") {
    TEST_CASE("what the agent has put into the turn's folder is attached, and the folder goes") {
        const Rig rig;
        fs::path folder;
        auto reply = rig.run([&](const AgentRequest& request) {
            folder = request.files_folder;
            std::ofstream(folder / "chart.png") << "\x89PNG\r\n\x1A\n picture";
            AgentReply answer;
            answer.text = "Here:\nMEDIA:" + (folder / "chart.png").string() + "\n";
            return answer;
        });
        CHECK(folder.is_absolute());
        CHECK_FALSE(fs::exists(folder));
        CHECK(reply.text == "Here:");
        REQUIRE(reply.attachments.size() == 1);
        const auto attachment = reply.attachments[0];
        CHECK(attachment.kind == MessageKind::image);
        CHECK(attachment.file_name == "chart.png");
        CHECK(attachment.size == 16);
        CHECK(content_of(attachment.path) == "\x89PNG\r\n\x1A\n picture");
        CHECK(reply.warnings.empty());
        reply.files.reset();
        CHECK_FALSE(fs::exists(attachment.path));
        CHECK(rig.folders_in_room() == 0);
    }

    TEST_CASE("a copy stays when the file is changed afterwards") {
        const Rig rig;
        const auto path = rig.write("report.txt", "as it was");
        const auto reply = rig.say("MEDIA:" + path);
        std::ofstream(path) << "changed";
        REQUIRE(reply.attachments.size() == 1);
        CHECK(content_of(reply.attachments[0].path) == "as it was");
    }

    TEST_CASE("a path that leads elsewhere stays text, with one warning") {
        const Rig rig;
        rig.write("report.txt", "report");
        fs::create_symlink("/etc/passwd", rig.shared() / "link");
        for (const std::string& path :
             {std::string("/etc/passwd"), std::string("/proc/self/environ"),
              (rig.shared() / "../room").string(), (rig.shared() / "link").string()}) {
            CAPTURE(path);
            const auto reply = rig.say("Look:\nMEDIA:" + path + "\n");
            CHECK(reply.text == "Look:\nMEDIA:" + path + "\n");
            CHECK(reply.attachments.empty());
            CHECK(reply.warnings.size() == 1);
        }
    }

    TEST_CASE("what is larger than the platform takes is said in words") {
        const Rig rig;
        const auto reply = rig.say("MEDIA:" + rig.write("film.mkv", std::string(101, 'f')));
        CHECK(reply.text == "film.mkv (0.1 MB) is too large to be sent: the limit is 0 MB.");
        CHECK(reply.attachments.empty());
        CHECK(reply.warnings.size() == 1);
        CHECK(rig.say("MEDIA:" + rig.write("film.mkv", std::string(100, 'f'))).attachments.size() ==
              1);
    }

    TEST_CASE("more files than a message may have stay text") {
        const Rig rig;
        const auto path = rig.write("a.txt", "content");
        const auto line = "MEDIA:" + path;
        const auto reply = rig.say(line + '\n' + line + '\n' + line + '\n' + line);
        CHECK(reply.attachments.size() == 3);
        CHECK(reply.text == line);
    }

    TEST_CASE("files of an answer in objects have their names, kinds and captions") {
        const Rig rig;
        const auto path = rig.write("1.bin", "content");
        const auto reply = rig.run([&](const AgentRequest&) {
            AgentReply answer;
            answer.text = "Here.";
            answer.named_files = {
                {.path = path, .kind = MessageKind::voice, .name = "销售.amr", .caption = "Listen"},
                {.path = "/etc/passwd", .caption = "Not this"}};
            return answer;
        });
        CHECK(reply.text == "Here.\n\nListen\n\nNot this\n\npasswd could not be sent.");
        REQUIRE(reply.attachments.size() == 1);
        CHECK(reply.attachments[0].kind == MessageKind::voice);
        CHECK(reply.attachments[0].file_name == "销售.amr");
        CHECK(reply.warnings.size() == 1);
    }

    TEST_CASE("what is asked stays last, with its choices, behind captions and what is not sent") {
        const Rig rig;
        const auto path = rig.write("1.txt", "content");
        const auto reply = rig.run([&](const AgentRequest&) {
            AgentReply answer;
            answer.text = "The contract.\n\nDo you agree?\n";
            answer.question = Question{.id = "q", .choices = {{"y", "Yes"}, {"n", "No"}}};
            answer.named_files = {{.path = path, .caption = "In full"}, {.path = "/etc/passwd"}};
            return answer;
        });
        CHECK(reply.text ==
              "The contract.\n\nIn full\n\npasswd could not be sent.\n\nDo you agree?");
    }

    TEST_CASE("an answer that is but a file which can't be sent says so, by its name alone") {
        const Rig rig;
        const auto naming = [&](NamedFile file) {
            return rig.run([&](const AgentRequest&) {
                AgentReply answer;
                answer.named_files = {file, file, file, file};
                return answer;
            });
        };
        const auto missing = naming({.path = (rig.shared() / "payslip.pdf").string()});
        CHECK(missing.text.starts_with("payslip.pdf could not be sent.\n\npayslip.pdf"));
        CHECK(missing.warnings.size() == 4);
        const auto one_too_many = naming({.path = rig.write("a.txt", "content"), .caption = "A"});
        CHECK(one_too_many.attachments.size() == 3);
        CHECK(one_too_many.text == "A\n\nA\n\nA\n\nA\n\na.txt could not be sent.");
    }

    TEST_CASE("a name that can't be sent is shown clean and short, in the language of the answer") {
        const Rig rig;
        const auto path = rig.write("film.mkv", std::string(101, 'f'));
        const auto reply = rig.run([&](const AgentRequest&) {
            AgentReply answer;
            answer.text = "这是影片。";
            answer.named_files = {{.path = path, .name = "/etc/\nfi\u202Elm.mkv"},
                                  {.path = "/nowhere/" + std::string(900, 'x') + ".pdf"}};
            return answer;
        });
        CHECK(reply.text == "这是影片。\n\nfilm.mkv（0.1 MB）太大，无法发送，上限为 0 MB。\n\n" +
                                std::string(124, 'x') + ".pdf 未能发送。");
    }

    TEST_CASE("where the platform takes no files, lines stay text") {
        const Rig rig;
        const auto path = rig.write("a.txt", "content");
        const auto agent = with_answer_files(std::make_unique<ScriptedAgent>([&](const auto&) {
                                                 AgentReply reply;
                                                 reply.text = "MEDIA:" + path;
                                                 return reply;
                                             }),
                                             {rig.shared()});
        AgentRequest request;
        request.event = event("e1", "hello");
        const auto reply = agent->answer(request, {});
        CHECK(reply.text == "MEDIA:" + path);
        REQUIRE(reply.warnings.size() == 1);
        CHECK(reply.warnings[0].ends_with("is not sent: this platform takes no files"));
    }

    TEST_CASE("an agent answers also where its folder can't be made") {
        const Rig rig;
        std::ofstream(rig.directory.path() / "room") << "in the way";
        const auto reply = rig.say("hello");
        CHECK(reply.text == "hello");
        CHECK(reply.warnings.size() == 1);
    }

    TEST_CASE(
        "what dead processes have left is removed at the start, and what runs is left alone") {
        const hermes::test::TempDirectory data;
        const auto rooms = data.path() / "agent-files";
        fs::create_directories(rooms / "999999999" / "turn");
        fs::create_directories(rooms / "1" / "turn");
        const auto room = make_files_room(data.path());
        CHECK(room.parent_path() == rooms);
        CHECK_FALSE(fs::exists(rooms / "999999999"));
        CHECK(fs::exists(rooms / "1" / "turn"));
    }
}
