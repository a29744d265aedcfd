// Files on their way out: as what they go, and how they stand in a message.
#include "outgoing/outgoing_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "outgoing/file_words.hpp"
#include "outgoing/outgoing.hpp"
#include "protocol/media_message.hpp"
#include "settings_json.hpp"
#include "support/temp_directory.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::wecom {

namespace {

using Problem = OutgoingFile::Problem;

const std::string png = "\x89PNG\r\n\x1A\n and more";

class Folder {
public:
    std::string write(const std::string& name, const std::string& content) const {
        const auto path = (directory_.path() / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string sized(const std::string& name, std::uintmax_t bytes,
                      const std::string& beginning = "") const {
        const auto path = write(name, beginning);
        std::filesystem::resize_file(path, bytes);
        return path;
    }
    const std::filesystem::path& path() const { return directory_.path(); }

private:
    test::TempDirectory directory_;
};

Attachment attachment(MessageKind kind, const std::string& path) {
    return {.kind = kind, .path = path};
}

std::string read_all(durable::FileSource& source) {
    std::string all;
    for (;;) {
        const auto piece = source.read(7);
        if (!piece) {
            return "an error";
        }
        if (piece->empty()) {
            return all;
        }
        all += *piece;
    }
}

PlannedMessage plan(const std::string& text, std::vector<OutgoingFile> files,
                    const char* key = nullptr, boost::json::value value = nullptr) {
    auto json = test::three_apps_json();
    if (key != nullptr) {
        json[key] = std::move(value);
    }
    OutgoingContext context;
    context.last_heard = [](const std::string&) { return std::nullopt; };
    OutboundMessage message;
    message.chat = {"ww2:alice"};
    message.text = text;
    auto planned = plan_outgoing(message, std::move(files), test::wecom_settings(json), context);
    REQUIRE(std::holds_alternative<PlannedMessage>(planned));
    return std::get<PlannedMessage>(std::move(planned));
}

// "text: hello" or "image: chart.png", a part each.
std::vector<std::string> shape(const PlannedMessage& planned) {
    std::vector<std::string> lines;
    std::size_t file = 0;
    for (std::size_t n = 0; n < planned.message.parts.size(); ++n) {
        const auto& payload = planned.message.parts[n].payload;
        const auto kind = media_kind_of(payload);
        auto line = kind ? std::string(name_of(*kind)) + ": " : "text: " + shown_text(payload);
        if (file < planned.files.size() && planned.files[file].part == n) {
            line += planned.files[file++].name;
        }
        lines.push_back(line);
    }
    CHECK(file == planned.files.size());
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("adapter/outgoing_file") {
    TEST_CASE("a file is opened as what it is, under the name that was given or its own") {
        const Folder folder;
        auto chart = attachment(MessageKind::image, folder.write("chart.bin", png));
        auto file = open_file(chart);
        CHECK(file.problem == Problem::none);
        CHECK(file.kind == MediaKind::image);
        CHECK(file.name == "chart.bin.png");
        CHECK(file.bytes == png.size());
        CHECK(read_all(*file.source) == png);
        chart.file_name = "../销售 \"夏\".png";
        CHECK(open_file(chart).name == "销售 '夏'.png");
        chart.kind = MessageKind::voice;
        CHECK(open_file(chart).kind == MediaKind::file);
    }

    TEST_CASE("six bytes are enough and five are not") {
        const Folder folder;
        for (const auto& [bytes, problem] :
             {std::pair{0, Problem::too_small}, {5, Problem::too_small}, {6, Problem::none}}) {
            const auto path = folder.write("note.txt", std::string(bytes, 'n'));
            CHECK(open_file(attachment(MessageKind::file, path)).problem == problem);
        }
    }

    TEST_CASE("what is over its kind goes as a file, and what is over a file not at all") {
        const Folder folder;
        const auto opened = [&](std::uintmax_t bytes) {
            return open_file(attachment(MessageKind::image, folder.sized("chart.png", bytes, png)));
        };
        CHECK(opened(10'000'000).kind == MediaKind::image);
        CHECK(opened(10'000'001).kind == MediaKind::file);
        CHECK(opened(20'000'000).problem == Problem::none);
        CHECK(opened(20'000'001).problem == Problem::too_large);
        CHECK(opened(20'000'001).bytes == 20'000'001);
    }

    TEST_CASE("what is no file is a problem with a reason, and nobody waits for it") {
        const Folder folder;
        const auto fifo = (folder.path() / "pipe").string();
        REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
        for (const auto& [path, why] : {std::pair<std::string, std::string>{
                                            folder.path() / "none", "No such file or directory"},
                                        {folder.path(), "it is no ordinary file"},
                                        {fifo, "it is no ordinary file"},
                                        {"/dev/zero", "it is no ordinary file"},
                                        {"", "it has neither path nor handle"}}) {
            const auto file = open_file(attachment(MessageKind::file, path));
            CHECK(file.problem == Problem::unreadable);
            CHECK(file.why == why);
            CHECK(file.source == nullptr);
        }
    }

    TEST_CASE("a file that grows or shrinks while it is read is an error") {
        const Folder folder;
        const auto path = folder.write("log.txt", std::string(100, 'l'));
        auto growing = open_file(attachment(MessageKind::file, path));
        std::ofstream(path, std::ios::app) << "more";
        CHECK(read_all(*growing.source) == "an error");
        auto shrinking = open_file(attachment(MessageKind::file, path));
        std::filesystem::resize_file(path, 50);
        CHECK(read_all(*shrinking.source) == "an error");
    }

    TEST_CASE("what WeCom has already is sent by its handle") {
        const auto file = open_file({.kind = MessageKind::voice, .handle = "M1"});
        CHECK(file.problem == Problem::none);
        CHECK(file.kind == MediaKind::voice);
        auto files = std::vector<OutgoingFile>();
        files.push_back(open_file({.kind = MessageKind::voice, .handle = "M1"}));
        const auto planned = plan("", std::move(files));
        CHECK(planned.files.empty());
        CHECK(planned.message.parts.at(0).payload.find(R"("voice":{"media_id":"M1"})") !=
              std::string::npos);
    }
}

TEST_SUITE("adapter/outgoing with files") {
    TEST_CASE("the text comes first, then the files in their order") {
        const Folder folder;
        std::vector<OutgoingFile> files;
        files.push_back(open_file(attachment(MessageKind::image, folder.write("b.png", png))));
        files.push_back(
            open_file(attachment(MessageKind::file, folder.write("a.pdf", "%PDF-1.7"))));
        const auto planned = plan("Here they are.", std::move(files));
        CHECK(shape(planned) == Lines{"text: Here they are.", "image: b.png", "file: a.pdf"});
        CHECK(planned.message.parts.at(1).preview == "image b.png, 17 B");
    }

    TEST_CASE("a file needs no text beside it") {
        const Folder folder;
        std::vector<OutgoingFile> files;
        files.push_back(open_file(attachment(MessageKind::image, folder.write("b.png", png))));
        CHECK(shape(plan(" \n", std::move(files))) == Lines{"image: b.png"});
    }

    TEST_CASE("what can't be sent is said in its place, in the language of the answer") {
        const Folder folder;
        const auto unsent = [&](const std::string& text) {
            std::vector<OutgoingFile> files;
            files.push_back(
                open_file(attachment(MessageKind::file, folder.sized("film.mkv", 23'400'000))));
            files.push_back(open_file(attachment(MessageKind::file, folder.write("x.txt", "x"))));
            files.push_back(open_file(attachment(MessageKind::file, folder.path() / "gone.pdf")));
            return shape(plan(text, std::move(files)));
        };
        CHECK(unsent("Here.") ==
              Lines{"text: Here.",
                    "text: film.mkv (23.4 MB) could not be sent: WeCom takes files of up to 20 MB.",
                    "text: x.txt (1 B) could not be sent: WeCom takes no file of less than 6 "
                    "bytes.",
                    "text: gone.pdf could not be sent: it could not be read."});
        CHECK(unsent("给您。").at(1) ==
              "text: film.mkv（23.4 MB） 未能发送：企业微信的文件不能超过 20 MB。");
    }

    TEST_CASE("a file that breaks off later is said in its place, too") {
        const Folder folder;
        std::vector<OutgoingFile> files;
        files.push_back(open_file(attachment(MessageKind::image, folder.write("b.png", png))));
        const auto planned = plan("Look.", std::move(files));
        CHECK(shown_text(planned.message.parts.at(planned.files.at(0).part).payload_without) ==
              "b.png could not be sent: it could not be read.");
    }

    TEST_CASE("a message has twenty files and no more") {
        OutboundMessage message;
        message.chat = {"ww2:alice"};
        OutgoingContext context;
        context.last_heard = [](const std::string&) { return std::nullopt; };
        const auto settings = test::wecom_settings(test::three_apps_json());
        const auto outcome = [&](std::size_t count) {
            return plan_outgoing(message, std::vector<OutgoingFile>(count), settings, context);
        };
        CHECK(std::holds_alternative<PlannedMessage>(outcome(20)));
        const auto refused = std::get<SendResult>(outcome(21));
        CHECK(refused.error == SendError::invalid);
        CHECK(refused.detail ==
              "the message has 21 attachments, and one may have 20: send the rest in another one");
    }

    TEST_CASE("the operator's letter of what can't be sent names the files that went with it") {
        OutboundMessage message;
        message.text = "Here.";
        message.attachments = {{.path = "/tmp/a.pdf"}, {.path = "/tmp/b", .file_name = "b.png"}};
        CHECK(text_for_letter(message) == "Here.\n[/tmp/a.pdf]\n[b.png]");
        message.text.clear();
        CHECK(text_for_letter(message) == "[/tmp/a.pdf]\n[b.png]");
    }
}

TEST_SUITE("adapter/long answers") {
    // About so many messages' worth.
    std::string long_text(int messages, const std::string& title = "# Summer: sales/costs") {
        auto text = title + "\n\n";
        for (int n = 0; n < messages; ++n) {
            for (int line = 0; line < 20; ++line) {
                text += "Paragraph " + std::to_string(n) + ", line " + std::to_string(line) + ' ' +
                        std::string(60, 'x') + ".\n";
            }
            text += '\n';
        }
        return text;
    }

    TEST_CASE("from parts_max parts on the beginning is a text and the whole a file behind it") {
        const auto text = long_text(12);
        auto planned = plan(text, {});
        REQUIRE(planned.message.parts.size() == 2);
        const auto beginning = shown_text(planned.message.parts[0].payload);
        CHECK(beginning.starts_with("Summer: sales/costs\n"));
        CHECK(beginning.ends_with("\n\n(The whole answer is in the file below.)"));
        CHECK(beginning.size() <= 2048);
        REQUIRE(planned.files.size() == 1);
        CHECK(planned.files[0].part == 1);
        CHECK(planned.files[0].name == "Summer: sales costs.md");
        CHECK(read_all(*planned.files[0].source) == text);
    }

    TEST_CASE("one part less goes as text") {
        const auto text = long_text(4);
        const auto parts = plan(text, {}).message.parts.size();
        REQUIRE(parts > 2);
        CHECK(plan(text, {}, "parts_max", parts).message.parts.size() == 2);
        CHECK(plan(text, {}, "parts_max", parts + 1).message.parts.size() == parts);
        CHECK(plan(text, {}, "parts_max", parts + 1).files.empty());
    }

    TEST_CASE("what one message holds goes as that, also with parts_max 1") {
        CHECK(shape(plan("好", {}, "parts_max", 1)) == Lines{"text: 好"});
        CHECK(plan(long_text(1), {}, "parts_max", 1).files.empty());
        CHECK(plan(long_text(4), {}, "parts_max", 1).files.size() == 1);
    }

    TEST_CASE("with parts_max 0 everything goes as text") {
        CHECK(plan(long_text(40), {}, "parts_max", 0).files.empty());
    }

    TEST_CASE("other files come behind the text's own") {
        const Folder folder;
        std::vector<OutgoingFile> files;
        files.push_back(open_file(attachment(MessageKind::image, folder.write("b.png", png))));
        const auto lines = shape(plan(long_text(12, "# 季度报告"), std::move(files)));
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].ends_with("（全文见下面的文件）"));
        CHECK(lines[1] == "file: 季度报告.md");
        CHECK(lines[2] == "image: b.png");
    }
}

}  // namespace hermes::wecom
