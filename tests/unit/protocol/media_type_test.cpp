#include "protocol/media_type.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

using namespace std::string_view_literals;

TEST_SUITE_BEGIN("protocol/media_type");

TEST_CASE("a file is what is in it, whatever is said of it") {
    struct Row {
        std::string_view beginning;
        const char* mime_type;
        const char* suffix;
    };
    for (const auto& [beginning, mime_type, suffix] : {
             Row{"\xff\xd8\xff\xe0\0\x10JFIF"sv, "image/jpeg", "jpg"},
             Row{"\x89PNG\r\n\x1a\n"sv, "image/png", "png"},
             Row{"GIF89a"sv, "image/gif", "gif"},
             Row{"RIFF\x10\0\0\0WEBPVP8 "sv, "image/webp", "webp"},
             Row{"#!AMR\n\x3c"sv, "audio/amr", "amr"},
             Row{"\x02#!SILK_V3"sv.substr(1), "application/octet-stream", "silk"},
             Row{"RIFF\x10\0\0\0WAVEfmt "sv, "audio/wav", "wav"},
             Row{"\0\0\0\x18"
                 "ftypmp42"sv,
                 "video/mp4", "mp4"},
             Row{"\0\0\0\x14"
                 "ftypqt  "sv,
                 "video/quicktime", "mov"},
             Row{"\0\0\0\x18"
                 "ftypheic"sv,
                 "image/heic", "heic"},
             Row{"\0\0\0\x18"
                 "ftypheix"sv,
                 "image/heic", "heic"},
             Row{"\0\0\0\x18"
                 "ftyphevc"sv,
                 "image/heic", "heic"},
             Row{"\0\0\0\x18"
                 "ftypmif1"sv,
                 "image/heif", "heif"},
             Row{"\0\0\0\x18"
                 "ftypmsf1"sv,
                 "image/heif", "heif"},
             Row{"\0\0\0\x18"
                 "ftypavif"sv,
                 "image/avif", "avif"},
             Row{"%PDF-1.7"sv, "application/pdf", "pdf"},
         }) {
        CAPTURE(suffix);
        CHECK(media_type_of(beginning, "", "") == MediaType{mime_type, suffix});
        CHECK(media_type_of(beginning, "a.txt", "text/html") == MediaType{mime_type, suffix});
    }
}

TEST_CASE("where the content tells nothing, the sender's suffix does, then the Content-Type") {
    CHECK(media_type_of("PK\x03\x04", "报告.DOCX", "application/octet-stream") ==
          MediaType{"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                    "docx"});
    CHECK(media_type_of("a,b", "table.csv", "") == MediaType{"text/csv", "csv"});
    CHECK(media_type_of("a,b", "notes.xyz", "text/csv") ==
          MediaType{"application/octet-stream", "xyz"});
    CHECK(media_type_of("hello", "file", "Text/Plain; charset=utf-8") ==
          MediaType{"text/plain", "txt"});
}

TEST_CASE("what would show in the content and does not is a lie") {
    for (const auto* name : {"photo.jpg", "photo.JPEG", "photo.png", "film.mp4", "voice.amr"}) {
        CAPTURE(name);
        CHECK(media_type_of("<html>", name, "image/jpeg") ==
              MediaType{"application/octet-stream", "bin"});
    }
    CHECK(media_type_of("<html>", "", "text/html") == MediaType{"text/html", "html"});
}

TEST_CASE("a suffix that could not stand in a name is none") {
    for (const auto* name :
         {"a.", "a", ".", "", "a.b/c", "a.b c", "a.\xe4\xb8\xad", "a.ninechars", "a.sh\n"}) {
        CAPTURE(name);
        CHECK(media_type_of("x", name, "") == MediaType{"application/octet-stream", "bin"});
    }
}

TEST_CASE("an empty or short file is nothing") {
    CHECK(media_type_of("", "", "").suffix == "bin");
    CHECK(media_type_of("RIFF", "", "").suffix == "bin");
    CHECK(media_type_of("\xff\xd8", "", "").suffix == "bin");
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
