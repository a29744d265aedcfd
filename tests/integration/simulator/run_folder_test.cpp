#include "simulator/gateways/run_folder.hpp"

#include <doctest/doctest.h>

#include "config/environment.hpp"
#include "config/text_file.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

TEST_SUITE("simulator/run_folder") {
    TEST_CASE(
        "a variable of ours comes into .env, changes there and goes again, and the rest stays") {
        const test::TempDirectory folder;
        const auto file = folder.path() / ".env";
        set_in_env_file(file, "STATE", "");
        CHECK_FALSE(std::filesystem::exists(file));

        write_private_file(file, "# mine\nSTATE=own.db\nKEY=1");
        set_in_env_file(file, "STATE", "postgresql://hermes:secret@127.0.0.1:1/postgres");
        CHECK(read_env_file(file) ==
              Environment{{"KEY", "1"},
                          {"STATE", "postgresql://hermes:secret@127.0.0.1:1/postgres"}});
        set_in_env_file(file, "STATE", "other.db");
        CHECK(read_env_file(file).at("STATE") == "other.db");
        set_in_env_file(file, "STATE", "");
        CHECK(read_text_file(file) == "# mine\nSTATE=own.db\nKEY=1\n");
    }

    TEST_CASE("a .env that has nothing but ours is only its owner's, and goes with it") {
        const test::TempDirectory folder;
        const auto file = folder.path() / ".env";
        set_in_env_file(file, "STATE", "other.db");
        CHECK(std::filesystem::status(file).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        set_in_env_file(file, "STATE", "");
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

}  // namespace hermes::host::simulator
