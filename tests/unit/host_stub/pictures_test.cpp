#include "agents/pictures.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::test::TempDirectory;

namespace {

hermes::Attachment attached(const TempDirectory& directory, const std::string& name,
                            const std::string& bytes, const std::string& type) {
    hermes::Attachment attachment;
    attachment.kind = hermes::MessageKind::image;
    attachment.path = (directory.path() / name).string();
    attachment.mime_type = type;
    std::ofstream(attachment.path, std::ios::binary) << bytes;
    return attachment;
}

}  // namespace

TEST_SUITE("host/pictures") {
    TEST_CASE("a picture is a data URL of its type") {
        const TempDirectory directory;
        hermes::MessageEvent event;
        // RFC 4648, section 10.
        for (const auto* bytes : {"f", "fo", "foo", "foob", "fooba", "foobar"}) {
            event.attachments.push_back(attached(directory, bytes, bytes, "image/png"));
        }
        const auto pictures = pictures_of(event);
        REQUIRE(pictures.urls.size() == 6);
        CHECK(pictures.urls[0] == "data:image/png;base64,Zg==");
        CHECK(pictures.urls[1] == "data:image/png;base64,Zm8=");
        CHECK(pictures.urls[2] == "data:image/png;base64,Zm9v");
        CHECK(pictures.urls[3] == "data:image/png;base64,Zm9vYg==");
        CHECK(pictures.urls[4] == "data:image/png;base64,Zm9vYmE=");
        CHECK(pictures.urls[5] == "data:image/png;base64,Zm9vYmFy");
        CHECK(pictures.note.empty());
    }

    TEST_CASE("bytes of any value are encoded") {
        const TempDirectory directory;
        hermes::MessageEvent event;
        event.attachments = {
            attached(directory, "a", std::string("\x00\xff\xfe\xfb\xf0", 5), "image/jpeg")};
        CHECK(pictures_of(event).urls[0] == "data:image/jpeg;base64,AP/++/A=");
    }

    TEST_CASE("what is no picture that a model can see is left out, without a word") {
        const TempDirectory directory;
        hermes::MessageEvent event;
        event.attachments = {attached(directory, "a", "x", "image/svg+xml"),
                             attached(directory, "b", "x", "audio/amr"),
                             attached(directory, "c", "x", "")};
        event.attachments.emplace_back().mime_type = "image/png";  // without a path
        const auto pictures = pictures_of(event);
        CHECK(pictures.urls.empty());
        CHECK(pictures.note.empty());
    }

    TEST_CASE("one that is too large, empty or gone is told to the model") {
        const TempDirectory directory;
        const std::string note = " [a picture is too large to be shown, or cannot be read]";
        hermes::MessageEvent event;
        event.attachments = {
            attached(directory, "a", std::string(picture_bytes_max, 'x'), "image/png")};
        CHECK(pictures_of(event).urls.size() == 1);
        CHECK(pictures_of(event).note.empty());
        event.attachments = {
            attached(directory, "b", std::string(picture_bytes_max + 1, 'x'), "image/png")};
        CHECK(pictures_of(event).urls.empty());
        CHECK(pictures_of(event).note == note);
        event.attachments = {attached(directory, "c", "", "image/png")};
        CHECK(pictures_of(event).note == note);
        event.attachments[0].path = (directory.path() / "gone").string();
        CHECK(pictures_of(event).note == note);
    }

    TEST_CASE("together they are no more than a request should be") {
        const TempDirectory directory;
        hermes::MessageEvent event;
        for (const auto* name : {"a", "b", "c"}) {
            event.attachments.push_back(
                attached(directory, name, std::string(picture_bytes_max, 'x'), "image/png"));
        }
        const auto pictures = pictures_of(event);
        CHECK(pictures.urls.size() == 2);
        CHECK_FALSE(pictures.note.empty());
    }
}
