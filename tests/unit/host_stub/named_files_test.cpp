#include "agents/named_files.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hermes::host;
using hermes::MessageKind;

namespace {

struct Taken {
    std::string text;
    std::vector<std::string> paths;
};

Taken take_all(std::string_view text, bool takes = true) {
    Taken taken;
    taken.text = without_media_lines(text, [&](std::string_view path) {
        taken.paths.emplace_back(path);
        return takes;
    });
    return taken;
}

}  // namespace

TEST_SUITE("host_stub/agents/named_files") {
    TEST_CASE("a line of MEDIA: and an absolute path names a file, and goes") {
        const auto taken =
            take_all("Here it is:\nMEDIA:/tmp/a b.png\nand more\n MEDIA: /tmp/c.pdf\r\n");
        CHECK(taken.paths == std::vector<std::string>{"/tmp/a b.png", "/tmp/c.pdf"});
        CHECK(taken.text == "Here it is:\nand more");
    }

    TEST_CASE("an answer may be nothing but files") {
        CHECK(take_all("MEDIA:/tmp/a.png\n\n").text == "");
        CHECK(take_all("MEDIA:/tmp/a.png").paths.size() == 1);
    }

    TEST_CASE("what is not taken stays to the byte") {
        const std::string text = "One \nMEDIA:/etc/passwd\n\ntwo\n\n";
        CHECK(take_all(text, false).text == text);
        CHECK(take_all("no files\n").text == "no files\n");
    }

    TEST_CASE("other lines are text") {
        for (const auto* line : {"MEDIA:", "MEDIA:relative.png", "media:/tmp/a", "see MEDIA:/tmp/a",
                                 "MEDIA /tmp/a", "`MEDIA:/tmp/a`", ""}) {
            CAPTURE(line);
            CHECK_FALSE(media_path(line));
        }
    }

    TEST_CASE("a file is what it begins like, else what its suffix says") {
        CHECK(kind_of_file("x", "\xFF\xD8\xFF\xE0") == MessageKind::image);
        CHECK(kind_of_file("x.pdf", "\x89PNG\r\n\x1A\n") == MessageKind::image);
        CHECK(kind_of_file("x", "#!AMR\n") == MessageKind::voice);
        CHECK(kind_of_file("x", std::string("\0\0\0\x18"
                                            "ftypisom",
                                            12)) == MessageKind::video);
        CHECK(kind_of_file("x.m4a", std::string("\0\0\0\x18"
                                                "ftypM4A ",
                                                12)) == MessageKind::file);
        for (const auto* brand : {"heic", "mif1", "avif"}) {
            CAPTURE(brand);
            const auto picture = std::string("\0\0\0\x18", 4) + "ftyp" + brand;
            CHECK(kind_of_file("IMG_1.HEIC", picture) == MessageKind::file);
        }
        for (const auto* brand : {"mp42", "qt  ", "3gp4"}) {
            CAPTURE(brand);
            const auto film = std::string("\0\0\0\x18", 4) + "ftyp" + brand;
            CHECK(kind_of_file("x", film) == MessageKind::video);
        }
        CHECK(kind_of_file("x.GIF", "GIF89a") == MessageKind::image);
        CHECK(kind_of_file("x.mp4", "") == MessageKind::video);
        CHECK(kind_of_file("x.pdf", "%PDF") == MessageKind::file);
        CHECK(kind_of_file("png", "") == MessageKind::file);
    }
}
