#include "system/data_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "chinese/chinese_rows.hpp"
#include "conversation/session_ids.hpp"
#include "gateway/in_force.hpp"
#include "output/translator.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host {
namespace {

constexpr uid_t nobody = 65534;

uid_t owner_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    return found.st_uid;
}

std::string in_chinese(const std::string& sentence) {
    Translator words;
    words.add(chinese_rows());
    return words(sentence);
}

}  // namespace

TEST_SUITE("host_stub/data_folder") {
    TEST_CASE("what root makes in the data directory belongs to whom that belongs") {
        if (::geteuid() != 0) {
            return;
        }
        const hermes::test::TempDirectory data;
        REQUIRE(::chown(data.path().c_str(), nobody, nobody) == 0);
        const auto folder = make_data_directory(data.path(), "a");
        CHECK(owner_of(folder) == nobody);
        std::filesystem::create_directory(folder / "media");
        for (const auto* name : {"a.db", "media/1.png", "linked"}) {
            std::ofstream(folder / name) << "x";
        }
        std::filesystem::create_hard_link(folder / "linked", data.path() / "second_name");
        std::filesystem::create_symlink(data.path() / "second_name", folder / "link");
        give_to_owner(folder);
        CHECK(owner_of(folder / "a.db") == nobody);
        CHECK(owner_of(folder / "media") == nobody);
        CHECK(owner_of(folder / "media/1.png") == nobody);
        CHECK(owner_of(folder / "linked") == 0);  // nobody knows whose it is
        SessionIds(data.path() / "sessions.json").save();
        CHECK(owner_of(data.path() / "sessions.json") == nobody);
    }

    TEST_CASE("a data directory of root's is told to whoever runs as another user") {
        if (::geteuid() != 0) {
            return;
        }
        const hermes::test::TempDirectory data;
        const auto folder = make_data_directory(data.path(), "a").string();
        SessionIds(data.path() / "sessions.json").save();
        std::filesystem::permissions(data.path(), std::filesystem::perms(0755));
        const auto sentence_for_another = [](auto act) -> std::string {
            REQUIRE(::seteuid(nobody) == 0);
            std::string sentence;
            try {
                act();
            } catch (const std::runtime_error& error) {
                sentence = error.what();
            }
            REQUIRE(::seteuid(0) == 0);
            CHECK(in_chinese(sentence) != sentence);
            return sentence;
        };
        const auto belongs = [](const std::string& path) {
            return "data_dir: " + path + " belongs to root, and this runs as nobody: chown -R " +
                   "nobody " + path;
        };
        CHECK(sentence_for_another([&] { make_data_directory(data.path(), "a"); }) ==
              belongs(folder));
        const auto file = data.path() / "sessions.json";
        CHECK(sentence_for_another([&] { SessionIds ids(file); }) == belongs(file.string()));
        std::filesystem::permissions(data.path(), std::filesystem::perms(0700));
        CHECK(sentence_for_another([&] { SessionIds ids(file); }) == belongs(data.path().string()));
        CHECK(sentence_for_another([&] { read_in_force(data.path()); }) ==
              belongs(data.path().string()));
    }

    TEST_CASE("a data directory that can't be made is named") {
        const hermes::test::TempDirectory folder;
        const auto data = folder.path() / "file";
        std::ofstream(data) << "x";
        CHECK_THROWS_WITH_AS(
            make_data_directory(data, "a"),
            ("data_dir: " + (data / "a").string() + " cannot be made: Not a directory").c_str(),
            std::runtime_error);
    }
}

}  // namespace hermes::host
