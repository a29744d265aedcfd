#include "gateway/in_force.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "support/temp_directory.hpp"

using namespace hermes::host;

TEST_SUITE("host_stub/in_force") {
    TEST_CASE("what a gateway runs with is read back, by its owner alone") {
        const hermes::test::TempDirectory directory;
        CHECK_FALSE(read_in_force(directory.path()));
        write_in_force(directory.path(), {.pid = ::getpid(),
                                          .salt = "salt",
                                          .values = {{"agent.kind", {"echo", "echo"}},
                                                     {"platforms.p.extra.token", {"****", "ab"}}},
                                          .kept = {"log"}});
        const auto read = read_in_force(directory.path());
        REQUIRE(read);
        CHECK(read->pid == ::getpid());
        CHECK(read->salt == "salt");
        CHECK(read->values.at("platforms.p.extra.token") == FlatValue{"****", "ab"});
        CHECK(read->kept == KeptPaths{"log"});
        struct stat status {};
        REQUIRE(::stat((directory.path() / "in_force.json").c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        remove_in_force(directory.path());
        CHECK_FALSE(read_in_force(directory.path()));
    }

    TEST_CASE("what a gateway has left that was killed is nothing") {
        const hermes::test::TempDirectory directory;
        write_in_force(directory.path(), {.pid = 0});
        CHECK_FALSE(read_in_force(directory.path()));
        // Its number may be another process's by now: init, but not since then.
        std::ofstream(directory.path() / "in_force.json")
            << R"({"pid":1,"started":"4711","salt":"","values":{},"kept":[]})";
        CHECK_FALSE(read_in_force(directory.path()));
    }

    TEST_CASE("a file that can't be understood says so") {
        const hermes::test::TempDirectory directory;
        for (const auto* text :
             {"", "{}", "[]", R"({"pid":1,"started":"1","salt":"","values":[1],"kept":[]})"}) {
            std::ofstream(directory.path() / "in_force.json") << text;
            CHECK_THROWS_AS(read_in_force(directory.path()), std::runtime_error);
        }
    }
}
