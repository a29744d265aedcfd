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

    TEST_CASE("a port is named by an address in a sentence of either language, not by its digits") {
        CHECK(names_port("cannot listen on 127.0.0.1:8645: address already in use", 8645));
        CHECK(names_port("无法监听 127.0.0.1:8645：地址已被使用", 8645));
        CHECK(names_port("cannot listen on [::1]:8645", 8645));
        CHECK_FALSE(names_port("cannot listen on 127.0.0.1:86450: address already in use", 8645));
        CHECK_FALSE(names_port("8645 messages wait", 8645));
        CHECK_FALSE(names_port("", 8645));
    }
}

}  // namespace hermes::host::simulator
