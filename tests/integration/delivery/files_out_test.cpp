// Files from the host to the member, through the whole adapter and WeCom as the simulator plays it.
#include <filesystem>

#include "integration/delivery/files_out_rig.hpp"
#include "integration/durable/process_memory.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("delivery of files") {
    TEST_CASE("every kind arrives as what it is, byte for byte, behind the text") {
        FilesRig rig;
        rig.start();
        const auto chart = content_of(300'000, png_head);
        const auto voice = "#!AMR\n" + std::string(13, '\x04');
        const auto film = content_of(70'000, std::string("\0\0\0\x18"
                                                         "ftypisom",
                                                         12));
        const auto report = content_of(65'536);
        const auto result =
            rig.deliver("Here they are.", {rig.attach(MessageKind::image, "chart.png", chart),
                                           rig.attach(MessageKind::voice, "hello.amr", voice),
                                           rig.attach(MessageKind::video, "film.mp4", film),
                                           rig.attach(MessageKind::file, "report.pdf", report)});
        CHECK(result.status == SendStatus::delivered);
        CHECK(rig.seen() == Lines{"text Here they are.", "image chart.png", "voice hello.amr",
                                  "video film.mp4", "file report.pdf"});
        const auto got = rig.wecom.deliveries();
        CHECK(rig.wecom.media(got[1].content)->bytes == chart);
        CHECK(rig.wecom.media(got[2].content)->bytes == voice);
        CHECK(rig.wecom.media(got[3].content)->bytes == film);
        CHECK(rig.wecom.media(got[4].content)->bytes == report);
        CHECK(result.message_id == got[4].msgid);
    }

    TEST_CASE("a reply settles its event with its files, and goes to the app that asked") {
        FilesRig rig;
        rig.start();
        const auto event = rig.hear("it", "alice", "a chart, please");
        OutboundMessage message;
        message.chat = event.chat;
        message.reply_to = event.id;
        message.attachments = {
            rig.attach(MessageKind::image, "chart.png", content_of(100, png_head))};
        rig.send(std::move(message));
        CHECK(rig.next_result().status == SendStatus::delivered);
        CHECK(rig.wecom.deliveries({.app = "it", .user_id = "alice"}).size() == 1);
        rig.restart();
        CHECK_FALSE(rig.host.events.take(0ms));
    }

    TEST_CASE("any name arrives, and none can be more than a name") {
        FilesRig rig;
        rig.start();
        std::string letters;
        for (int n = 0; n < 300; ++n) {
            letters += "报";
        }
        for (const auto& [given, seen] :
             {std::pair<std::string, std::string>{"季度报告 2026.xlsx", "季度报告 2026.xlsx"},
              {"../../etc/passwd", "passwd"},
              {"a\"; filename=\"b.exe", "a'; filename='b.exe"},
              {"a\r\n\r\nb.txt", "ab.txt"},
              {letters + ".docx", letters.substr(0, 123) + ".docx"}}) {
            auto one = rig.attach(MessageKind::file, "on-disk", "content of the file");
            one.file_name = given;
            CHECK(rig.deliver("", {one}).status == SendStatus::delivered);
            CHECK(rig.wecom.deliveries().back().file_name == seen);
            CHECK(rig.bytes_of_last() == "content of the file");
        }
    }

    TEST_CASE("what does not fit its kind arrives as a file, what fits none as words") {
        FilesRig rig;
        rig.start();
        CHECK(rig.deliver_one(MessageKind::image, "moving.gif", "GIF89a picture") ==
              SendStatus::delivered);
        CHECK(rig.deliver_one(MessageKind::voice, "song.mp3", "ID3 a song") ==
              SendStatus::delivered);
        CHECK(rig.deliver_one(MessageKind::file, "five.txt", "12345") == SendStatus::delivered);
        CHECK(rig.deliver_one(MessageKind::file, "six.txt", "123456") == SendStatus::delivered);
        auto large = rig.attach(MessageKind::file, "large.bin", "");
        std::filesystem::resize_file(large.path, 20'000'001);
        CHECK(rig.deliver("", {large}).status == SendStatus::delivered);
        CHECK(rig.deliver("", {{.path = "/no/such/file"}}).status == SendStatus::delivered);
        CHECK(rig.seen() ==
              Lines{"file moving.gif", "file song.mp3",
                    "text five.txt (5 B) could not be sent: WeCom takes no file of less than 6 "
                    "bytes.",
                    "file six.txt",
                    "text large.bin (20.0 MB) could not be sent: WeCom takes files of up to 20 MB.",
                    "text file could not be sent: it could not be read."});
        CHECK(rig.host.lines_with("/no/such/file") == 0);
        CHECK(rig.host.lines_with("ww1:alice: file could not be sent: it could not be read. (No "
                                  "such file or directory)") == 1);
    }

    TEST_CASE("what WeCom does not take as its kind after all arrives as a file") {
        FilesRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::upload_media, 40004, 1));
        CHECK(rig.deliver_one(MessageKind::image, "odd.png", content_of(100, png_head)) ==
              SendStatus::delivered);
        CHECK(rig.seen() == Lines{"file odd.png"});
        CHECK(rig.uploads() == 2);
    }

    TEST_CASE("what WeCom takes in no way is a dead letter with its name, and can be tried again") {
        FilesRig rig;
        rig.start();
        rig.wecom.add_fault(sim::api_error(sim::Call::upload_media, 45001));
        const auto result = rig.deliver("", {rig.attach(MessageKind::file, "a.pdf", "%PDF-1.7")});
        CHECK(result.status == SendStatus::failed);
        CHECK(result.platform_code == 45001);
        const auto dead = rig.inspect()->dead_letters(10);
        REQUIRE(dead.size() == 1);
        CHECK(dead[0].preview == "file a.pdf, 8 B");
        rig.wecom.clear_faults();
        rig.clock.advance(std::chrono::hours{48});
        CHECK(rig.inspect()->retry(dead[0].id));
        rig.clock.advance(2s);
        REQUIRE(rig.wecom.wait_for_delivery({.app = "hr"}, patience));
        CHECK(rig.bytes_of_last() == "%PDF-1.7");
    }
}

TEST_SUITE("delivery of files: bad days") {
    TEST_CASE("an upload that breaks off is tried again, and nothing overtakes it") {
        for (const auto kind : {sim::FaultKind::drop_request, sim::FaultKind::drop_answer,
                                sim::FaultKind::half_answer, sim::FaultKind::http_error}) {
            FilesRig rig;
            rig.start();
            sim::Fault fault;
            fault.kind = kind;
            fault.call = sim::Call::upload_media;
            fault.times = 2;
            fault.http_status = 502;
            rig.wecom.add_fault(fault);
            OutboundMessage message;
            message.account = "hr";
            message.chat = {"ww1:alice"};
            message.attachments = {rig.attach(MessageKind::file, "a.bin", content_of(200'000))};
            rig.send(std::move(message));
            rig.send_text("hr", "ww1:alice", "after it");
            rig.deliver_in_time(2, 1min, 20);
            CAPTURE(to_string(kind));
            CHECK(rig.seen() == Lines{"file a.bin", "text after it"});
            CHECK(rig.wecom.media(rig.wecom.deliveries()[0].content)->bytes == content_of(200'000));
        }
    }

    TEST_CASE(
        "an answer to message/send that gets lost shows the file once: it is the same request") {
        FilesRig rig;
        rig.start();
        sim::Fault fault;
        fault.kind = sim::FaultKind::drop_answer;
        fault.call = sim::Call::send_message;
        fault.times = 1;
        rig.wecom.add_fault(fault);
        OutboundMessage message;
        message.account = "hr";
        message.chat = {"ww1:alice"};
        message.attachments = {rig.attach(MessageKind::file, "a.bin", content_of(200'000))};
        rig.send(std::move(message));
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.send_calls().size() == 1; }, patience));
        rig.restart();
        rig.clock.advance(2min);
        REQUIRE(rig.wecom.wait_until([&] { return rig.wecom.send_calls().size() == 2; }, patience));
        const auto calls = rig.wecom.send_calls();
        CHECK(calls[0].request_body == calls[1].request_body);
        CHECK(rig.seen() == Lines{"file a.bin"});
        CHECK(rig.uploads() == 1);
    }

    TEST_CASE("a stop in an outage keeps the file, which leaves after the next start") {
        FilesRig rig;
        rig.start();
        rig.wecom.begin_outage();
        OutboundMessage message;
        message.account = "hr";
        message.chat = {"ww1:alice"};
        message.text = "the report";
        message.attachments = {rig.attach(MessageKind::file, "a.bin", content_of(500'000))};
        rig.send(std::move(message));
        REQUIRE(rig.host.wait_for_line(LogLevel::warning, "not delivered yet"));
        rig.stop();
        CHECK(rig.next_result().status == SendStatus::deferred);
        std::filesystem::remove_all(rig.folder.path());
        rig.wecom.end_outage();
        rig.restart();
        rig.deliver_in_time(2, 1min, 20);
        CHECK(rig.seen() == Lines{"text the report", "file a.bin"});
        CHECK(rig.bytes_of_last() == content_of(500'000));
    }

    TEST_CASE("a long answer is its beginning and a file") {
        FilesRig rig;
        rig.start();
        std::string answer = "# Report\n\n";
        for (int n = 0; n < 1000; ++n) {
            answer += "Line " + std::to_string(n) + " of the report.\n";
        }
        CHECK(rig.deliver(answer, {}).status == SendStatus::delivered);
        const auto seen = rig.seen();
        REQUIRE(seen.size() == 2);
        CHECK(seen[0].starts_with("text Report\n"));
        CHECK(seen[1] == "file Report.md");
        CHECK(rig.bytes_of_last() == answer);
    }

    TEST_CASE("what can be sent, and up to which size, is what is said") {
        FilesRig rig;
        rig.start();
        const auto can = rig.adapter->capabilities();
        CHECK(can.attachments_out == std::vector<AttachmentLimit>{{MessageKind::image, 10'000'000},
                                                                  {MessageKind::voice, 2'000'000},
                                                                  {MessageKind::video, 10'000'000},
                                                                  {MessageKind::file, 20'000'000}});
        CHECK(can.attachments_max == 20);
        CHECK(can.outbound == std::vector<MessageKind>{MessageKind::text, MessageKind::image,
                                                       MessageKind::voice, MessageKind::video,
                                                       MessageKind::file});
        CHECK(rig.deliver_one(MessageKind::file, "full.bin", content_of(20'000'000)) ==
              SendStatus::delivered);
        CHECK(rig.bytes_of_last().size() == 20'000'000);
    }
}

}  // namespace hermes::test
