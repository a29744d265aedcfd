#include "config/environment.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "support/temp_directory.hpp"

using namespace hermes::host;

TEST_SUITE("host_stub/config/environment") {
    TEST_CASE("an .env file holds one variable a line, as shells and other tools write it") {
        const auto variables = parse_env(
            "\xEF\xBB\xBF# the five secrets\n"
            "CORP=ww1\r\n"
            "  export TOKEN=abc\n"
            "SPACED = a b \n"
            "COMMENTED=value # said here\n"
            "HASH=a#b\n"
            "EMPTY=\n"
            "EQUALS=a=b==\n"
            "SINGLE='a \"b\" $c \\n # d' # rest\n"
            "DOUBLE=\"a 'b' \\\"c\\\" \\$d \\\\ \\n\\te\"\n"
            "\n"
            "   # indented comment\n"
            "TWICE=1\n"
            "TWICE=2\n"
            "LAST=end",
            ".env");
        CHECK(variables == Environment{{"CORP", "ww1"},
                                       {"TOKEN", "abc"},
                                       {"SPACED", "a b"},
                                       {"COMMENTED", "value"},
                                       {"HASH", "a#b"},
                                       {"EMPTY", ""},
                                       {"EQUALS", "a=b=="},
                                       {"SINGLE", "a \"b\" $c \\n # d"},
                                       {"DOUBLE", "a 'b' \"c\" $d \\ \n\te"},
                                       {"TWICE", "2"},
                                       {"LAST", "end"}});
    }

    TEST_CASE("an .env file is read from disk") {
        const hermes::test::TempDirectory folder;
        std::ofstream(folder.path() / ".env") << "A=1\n";
        CHECK(read_env_file(folder.path() / ".env") == Environment{{"A", "1"}});
        std::ofstream(folder.path() / "empty");
        CHECK(read_env_file(folder.path() / "empty").empty());
    }

    TEST_CASE("the process's own variables can be read") {
        ::setenv("HERMES_TEST_VARIABLE", "a=b", 1);
        CHECK(process_environment().at("HERMES_TEST_VARIABLE") == "a=b");
        ::unsetenv("HERMES_TEST_VARIABLE");
    }

    TEST_CASE("a line that is no assignment is named by its number and not shown") {
        for (const auto* text :
             {"A=1\nhunter2\n", "A=1\n=hunter2\n", "A=1\n1A=hunter2\n", "A=1\nB C=hunter2\n",
              "A=1\nB=\"hunter2\n", "A=1\nB='hunter2\n", "A=1\nB=\"hunter2\" more\n"}) {
            CAPTURE(text);
            CHECK_THROWS_WITH_AS(parse_env(text, "x/.env"),
                                 "x/.env, line 2: expected KEY=VALUE, a value in quotes closed",
                                 std::runtime_error);
        }
    }

    TEST_CASE("an .env file that is not there is named") {
        CHECK_THROWS_WITH_AS(read_env_file("/nowhere/.env"),
                             "/nowhere/.env: cannot be read: No such file or directory",
                             std::runtime_error);
    }
}
