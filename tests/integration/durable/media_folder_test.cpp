#include "durable/media/media_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "durable/media/fetcher.hpp"
#include "support/small_disk.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {
namespace {

using durable::FetchError;
using durable::MediaFolder;

TEST_SUITE("durable/media folder") {
    TEST_CASE("a folder is made with those above it, for this user alone, and stays empty") {
        const TempDirectory directory;
        const auto path = (directory.path() / "a" / "b" / "media").string();
        CHECK(MediaFolder::open_problem(path).empty());
        CHECK(MediaFolder::open_problem(path).empty());  // it is there now
        CHECK(MediaFolder::privacy_problem(path).empty());
        CHECK(std::filesystem::is_empty(path));
        ::chmod(path.c_str(), 0750);
        CHECK(MediaFolder::privacy_problem(path) ==
              path + " can be looked into by other users of this machine: chmod 700 " + path);
    }

    TEST_CASE("what can't be a folder is told, with the reason") {
        const TempDirectory directory;
        const auto file = (directory.path() / "file").string();
        std::ofstream(file) << "x";
        CHECK(MediaFolder::open_problem(file) ==
              file + ": no file can be written there: give this user a folder of its own");
        CHECK(MediaFolder::open_problem(file + "/media") ==
              file + "/media: cannot be made: Not a directory");
        CHECK(MediaFolder::privacy_problem(file + "/media").empty());
    }

    TEST_CASE("a look beforehand tells the same and changes nothing") {
        const TempDirectory directory;
        const auto folder = directory.path().string();
        CHECK(MediaFolder::foreseen_problem(folder).empty());
        CHECK(MediaFolder::foreseen_problem(folder + "/a/b").empty());
        CHECK(std::filesystem::is_empty(folder));
        std::ofstream(folder + "/file") << "x";
        CHECK(MediaFolder::foreseen_problem(folder + "/file/media") ==
              folder + "/file/media: " + folder + "/file is not a folder");
        CHECK(MediaFolder::foreseen_problem("/proc/1/media").starts_with("/proc/1/media: "));
    }

    TEST_CASE("two files of an event never have the same name") {
        const TempDirectory directory;
        const MediaFolder folder(directory.path().string());
        auto first = folder.begin(1);
        auto second = folder.begin(1);
        REQUIRE((first.has_value() && second.has_value()));
        CHECK(first->complete("jpg").value() != second->complete("jpg").value());
        CHECK(folder.list().size() == 2);
    }

    TEST_CASE("only what bears a name of ours is listed") {
        const TempDirectory directory;
        const auto path = directory.path().string();
        for (const auto* name :
             {"12-0123456789abcdef.jpg", "13-0123456789abcdef.part", "12-0123456789abcdef",
              "12-0123456789abcdeg.jpg", "-0123456789abcdef.jpg", "0-0123456789abcdef.jpg",
              "x-0123456789abcdef.jpg", "12-0123456789abcdef.JPG", "12_0123456789abcdef.jpg",
              "99999999999999999999-0123456789abcdef.jpg", "12-0123456789abcdef.", "photo.jpg"}) {
            std::ofstream(path + '/' + name) << "four";
        }
        std::filesystem::create_directory(path + "/14-0123456789abcdef.jpg");
        std::filesystem::create_symlink("/etc/passwd", path + "/15-0123456789abcdef.jpg");
        auto entries = MediaFolder(path).list();
        REQUIRE(entries.size() == 2);
        const auto& whole = entries[entries[0].partial ? 1 : 0];
        CHECK(whole.name == "12-0123456789abcdef.jpg");
        CHECK(whole.seq == 12);
        CHECK(whole.bytes == 4);
        CHECK(entries[entries[0].partial ? 0 : 1].seq == 13);
    }

    TEST_CASE("a file that is asked for by a name that is not ours is not found") {
        const TempDirectory directory;
        const MediaFolder folder(directory.path().string());
        std::ofstream(directory.path() / "12-0123456789abcdef.jpg") << "four";
        CHECK(folder.find("12-0123456789abcdef.jpg", 4));
        CHECK_FALSE(folder.find("12-0123456789abcdef.jpg", 5));
        CHECK_FALSE(folder.find(
            "../" + directory.path().filename().string() + "/12-0123456789abcdef.jpg", 4));
        CHECK_FALSE(folder.find("", 0));
    }

    TEST_CASE("a full disk is told apart from other trouble") {
        const auto disk = SmallDisk::mount(1);
        if (!disk) {
            return;
        }
        const MediaFolder folder(disk->path());
        auto file = folder.begin(1);
        REQUIRE(file.has_value());
        CHECK(folder.space().total > 0);
        disk->fill();
        CHECK(file->append(std::string(100'000, 'x')) == FetchError::disk_full);
        CHECK(MediaFolder("/proc/none").begin(1).error() == FetchError::disk_trouble);
    }
}

}  // namespace
}  // namespace hermes::test
