// A file that WeCom gives only piece by piece (830002).
#include <charconv>

#include "files_in.hpp"
#include "protocol/media_range.hpp"
#include "support/http_scripted_server.hpp"

namespace hermes::test {
namespace {

// Gives no more of its file at a time than 20 MB, and only what is asked for by Range.
class RangedMedia {
public:
    explicit RangedMedia(std::string bytes) : bytes_(std::move(bytes)) {}

    AdapterRig::Change change(std::int64_t bytes_max = 100'000'000) const {
        return [=, base = "http://" + server_.address()](boost::json::object& settings) {
            settings["api_base"] = base;
            settings["media_bytes_max"] = bytes_max;
        };
    }

    Mailbox<std::string> asked{};       // the header Range of each request; "" without
    std::atomic<bool> is_wrong{false};  // gives the first piece, whatever is asked for

private:
    void serve(HttpSocket& connection) {
        while (const auto request = connection.read_message()) {
            if (request->head.starts_with("GET /cgi-bin/gettoken")) {
                connection.send(
                    http_ok(R"({"errcode":0,"errmsg":"ok","access_token":"t","expires_in":7200})"));
            } else {
                connection.send(answer(request->field("range")));
            }
        }
    }

    std::string answer(const std::string& range) {
        asked.put(range);
        if (range.empty()) {
            return http_ok(R"({"errcode":830002,"errmsg":"file too large"})");
        }
        std::size_t begin = 0;
        std::size_t last = 0;
        const auto dash = range.find('-');
        std::from_chars(range.data() + range.find('=') + 1, range.data() + dash, begin);
        std::from_chars(range.data() + dash + 1, range.data() + range.size(), last);
        last = std::min(last, bytes_.size() - 1);
        begin = is_wrong ? 0 : begin;
        const auto piece = bytes_.substr(begin, last + 1 - begin);
        return "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(begin) +
               '-' + std::to_string(last) + '/' + std::to_string(bytes_.size()) +
               "\r\nContent-Disposition: attachment; filename=\"photo.jpg\"\r\nContent-Length: " +
               std::to_string(piece.size()) + "\r\n\r\n" + piece;
    }

    const std::string bytes_;
    HttpScriptedServer server_{[this](HttpSocket& connection, int) { serve(connection); }};
};

std::string large_picture(std::size_t size) {
    std::string bytes = jpeg;
    for (std::size_t n = 0; bytes.size() < size; ++n) {
        bytes += static_cast<char>(n * n / 5);
    }
    return bytes;
}

}  // namespace

TEST_SUITE("adapter/files in ranges") {
    TEST_CASE("a file that WeCom gives only piece by piece comes whole") {
        const auto bytes = large_picture(2 * wecom::media_range_bytes + 5);
        RangedMedia wecom(bytes);
        AdapterRig rig(wecom.change());
        rig.start();
        send_picture(rig, "alice");
        const auto picture = next_event(rig).attachments[0];
        CHECK(picture.file_name == "photo.jpg");
        CHECK(picture.mime_type == "image/jpeg");
        CHECK(picture.size == bytes.size());
        CHECK((bytes_of(picture.path) == bytes));  // not to be printed
        CHECK(wecom.asked.take() == "");
        CHECK(wecom.asked.take() == "bytes=0-16777215");
        CHECK(wecom.asked.take() == "bytes=16777216-33554431");
        CHECK(wecom.asked.take() == "bytes=33554432-33554436");
    }

    TEST_CASE("one that is larger than may be is given up with its first piece") {
        RangedMedia wecom(large_picture(2 * wecom::media_range_bytes));
        AdapterRig rig(wecom.change(20'000'000));
        rig.start();
        send_picture(rig, "alice");
        CHECK(next_event(rig)
                  .details.at("attachments[0].problem")
                  .starts_with("the file is missing: it is larger than this gateway takes"));
        CHECK(wecom.asked.take() == "");
        CHECK(wecom.asked.take() == "bytes=0-16777215");
        CHECK(files_in(rig) == 0);
        CHECK(rig.host.wait_for_line(LogLevel::warning,
                                     "it is too large (it has 33554432 bytes, `media_bytes_max` is "
                                     "20000000)"));
    }

    TEST_CASE("a piece that was not asked for is no piece, and the file is fetched anew") {
        const auto bytes = large_picture(wecom::media_range_bytes + 1);
        RangedMedia wecom(bytes);
        AdapterRig rig(wecom.change());
        rig.start();
        wecom.is_wrong = true;
        send_picture(rig, "alice");
        CHECK(wecom.asked.take() == "");
        CHECK(wecom.asked.take() == "bytes=0-16777215");
        CHECK(wecom.asked.take() == "bytes=16777216-16777216");
        wecom.is_wrong = false;
        CHECK((bytes_of(next_event(rig, std::chrono::seconds(1)).attachments[0].path) == bytes));
    }
}

}  // namespace hermes::test
