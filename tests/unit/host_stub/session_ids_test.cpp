#include "conversation/session_ids.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "session_keys.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::host::test::lisi;
using hermes::host::test::zhangsan;

TEST_SUITE("host_stub/session_ids") {
    TEST_CASE("a name is 32 hexadecimal digits and the same every time") {
        const SessionIds ids;
        const auto name = ids.current(zhangsan);
        CHECK(name.size() == 32);
        CHECK(name.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(ids.current(zhangsan) == name);
        CHECK(SessionIds().current(zhangsan) == name);
    }

    TEST_CASE("chats, accounts, platforms and renewals all have names of their own") {
        SessionIds ids;
        std::set<std::string> names{ids.current(zhangsan), ids.current(lisi),
                                    ids.current({"wecom_callback", "it", "corp:zhangsan"}),
                                    ids.current({"feishu", "hr", "corp:zhangsan"})};
        for (int i = 0; i < 100; ++i) {
            ids.renew(zhangsan);
            names.insert(ids.current(zhangsan));
        }
        CHECK(names.size() == 104);
    }

    TEST_CASE("a chat that has begun anew stays so across a restart, and no other is touched") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "sessions.json";
        SessionIds before(file);
        const auto others = before.current(lisi);
        before.renew(zhangsan);
        before.renew(zhangsan);
        before.save();
        const SessionIds after(file);
        CHECK(after.current(zhangsan) == before.current(zhangsan));
        CHECK(after.current(zhangsan) != SessionIds().current(zhangsan));
        CHECK(after.current(lisi) == others);
    }

    TEST_CASE("a file that is something else is set aside with a warning, and keeps nobody out") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "sessions.json";
        for (const auto* text : {"", "{", "[1]", "[{\"platform\": \"x\"}]"}) {
            std::ofstream(file, std::ios::trunc) << text;
            SessionIds ids(file);
            CHECK(ids.warning().starts_with(
                file.string() + " was not what the gateway had written and is kept as " +
                file.string() + ".broken-"));
            CHECK_FALSE(std::filesystem::exists(file));
            CHECK(ids.current(zhangsan) == SessionIds().current(zhangsan));
            ids.renew(zhangsan);
            ids.save();
            CHECK(SessionIds(file).warning().empty());
        }
    }

    TEST_CASE("however many have begun anew, all of them are known after a restart") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "sessions.json";
        SessionIds before(file);
        for (int i = 0; i < 45'000; ++i) {
            before.renew({"wecom_callback", "hr", "ww0123456789abcdef:member" + std::to_string(i)});
        }
        before.renew(zhangsan);
        before.save();
        CHECK(std::filesystem::file_size(file) > 4'194'304);
        const SessionIds after(file);
        CHECK(after.warning().empty());
        CHECK(after.current(zhangsan) == before.current(zhangsan));
    }

    TEST_CASE("one that can't be read is not taken for one that is broken") {
        const hermes::test::TempDirectory folder;
        std::filesystem::create_directory(folder.path() / "sessions.json");
        CHECK_THROWS_AS(SessionIds(folder.path() / "sessions.json"), std::runtime_error);
        CHECK(std::filesystem::is_directory(folder.path() / "sessions.json"));
    }

    TEST_CASE("the file is its owner's alone, whatever the mask is and was") {
        const hermes::test::TempDirectory folder;
        const auto file = folder.path() / "sessions.json";
        std::ofstream(file) << "[]";
        const auto mask = ::umask(0);
        SessionIds ids(file);
        ids.renew(zhangsan);
        ids.save();
        ::umask(mask);
        CHECK(std::filesystem::status(file).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }

    TEST_CASE("a folder that can't be written to is named") {
        const hermes::test::TempDirectory folder;
        const SessionIds ids(folder.path() / "not" / "there.json");
        CHECK_THROWS_WITH_AS(ids.save(),
                             ((folder.path() / "not" / "there.json").string() +
                              ": cannot be written: No such file or directory")
                                 .c_str(),
                             std::runtime_error);
    }
}
