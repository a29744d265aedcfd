#include "simulator/scenario/scenario_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "output/exit_code.hpp"
#include "simulator/page_server/sha256.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        fs::create_directory(path());
        write(path() / "red.png", "\x89PNG\r\n 1");
        write(path() / "short", "12345");
        write(home_.path() / "outside.txt", "not for the agent");
        fs::create_symlink(home_.path() / "outside.txt", path() / "link.txt");
        write(path() / "long.amr", "");
        fs::resize_file(path() / "long.amr", 2'000'001);
        write(path() / "handbook.pdf", "");
        fs::resize_file(path() / "handbook.pdf", 20'000'000);
    }

    fs::path path() const { return home_.path() / "scenarios"; }

    std::string complaint(std::string media, std::string text) const {
        const ScenarioStep step{.kind = ScenarioStep::Kind::send_file,
                                .line = 7,
                                .text = std::move(text),
                                .media = std::move(media)};
        try {
            check_sent_files({.name = "a.yaml", .steps = {step}}, path());
        } catch (const UsageError& problem) {
            return problem.what();
        }
        return "none";
    }

private:
    static void write(const fs::path& file, std::string_view bytes) {
        std::ofstream(file, std::ios::binary) << bytes;
    }

    test::TempDirectory home_;
};

}  // namespace

TEST_SUITE("simulator/scenario_files") {
    TEST_CASE("a file is sent with its own name, as the kind that the step says") {
        const Folder folder;
        CHECK(folder.complaint("image", "red.png") == "none");
        const auto media = read_sent_file(folder.path(), {.text = "red.png", .media = "image"});
        CHECK(media.file_name == "red.png");
        CHECK(media.content_type == "image/png");
        CHECK(media.bytes == "\x89PNG\r\n 1");
        CHECK(folder.complaint("file", "./red.png") == "none");
        CHECK(read_sent_file(folder.path(), {.text = "red.png", .media = "image", .name = "a?.png"})
                  .file_name == "a?.png");
    }

    TEST_CASE("one as large as WeCom takes it is sent whole") {
        const Folder folder;
        CHECK(folder.complaint("file", "handbook.pdf") == "none");
        CHECK(
            read_sent_file(folder.path(), {.text = "handbook.pdf", .media = "file"}).bytes.size() ==
            20'000'000);
    }

    TEST_CASE("one that can't be sent is one sentence with the line") {
        const Folder folder;
        CHECK(folder.complaint("image", "blue.png") ==
              "a.yaml, line 7: the image \"blue.png\" is not there: it belongs to " +
                  fs::canonical(folder.path()).string());
        CHECK(folder.complaint("file", ".") == "a.yaml, line 7: the file \".\" is no file");
        CHECK(folder.complaint("file", "short") ==
              "a.yaml, line 7: the file \"short\" is too small: WeCom takes no file of less than 6 "
              "bytes");
        CHECK(folder.complaint("voice", "long.amr") ==
              "a.yaml, line 7: the voice \"long.amr\" is too large: WeCom takes 2 MB, and it has "
              "2000001 bytes");
    }

    TEST_CASE("what lies outside the scenario's folder is not sent, whichever way it is named") {
        const Folder folder;
        const std::string outside =
            " lies outside the scenario's folder: name it from there, put it in there";
        for (const std::string name :
             {"../outside.txt", "/etc/hostname", "link.txt", "nowhere/../../outside.txt"}) {
            CHECK(folder.complaint("file", name) ==
                  "a.yaml, line 7: the file \"" + name + '"' + outside);
        }
    }

    TEST_CASE("what a file holds is known by its SHA-256") {
        CHECK(sha256_of("abc") ==
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

}  // namespace hermes::host::simulator
