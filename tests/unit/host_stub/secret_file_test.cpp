#include "config/secret_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include "config/yaml_file.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;

namespace {

using Lines = std::vector<std::string>;
using hermes::Setting;

constexpr Setting row(const char* key, hermes::SettingSecrecy secrecy) {
    return {key,
            hermes::SettingType::string,
            hermes::SettingScope::both,
            hermes::SettingNeed::optional,
            secrecy,
            nullptr,
            ""};
}

constexpr std::array secret_rows{
    row("token", hermes::SettingSecrecy::secret), row("proxy", hermes::SettingSecrecy::secret),
    row("proxy_file", hermes::SettingSecrecy::plain), row("host", hermes::SettingSecrecy::plain)};

class SecretDesk {
public:
    std::string write(const std::string& name, std::string_view text) const {
        std::ofstream(folder / name) << text;
        return (folder / name).string();
    }

    ConfigNode in_place(std::string_view yaml) {
        return files.in_place(parse_yaml(yaml, "config.yaml"), secret_rows, "extra", problems);
    }
    std::string text_at(const ConfigNode& map, std::string_view key) const {
        const auto* node = map.find(key);
        return node == nullptr ? "absent" : node->text;
    }
    std::string refusal_of(std::string_view text) {
        write("bad", text);
        try {
            files.read("bad");
            return "read";
        } catch (const std::runtime_error& problem) {
            return problem.what();
        }
    }

    hermes::test::TempDirectory directory{};
    std::filesystem::path folder = directory.path();
    Environment variables{};
    Problems problems{};
    SecretFiles files{folder, variables};
};

}  // namespace

TEST_SUITE("host_stub/config/secret_file") {
    TEST_CASE("a file stands for the secret that it holds, at whatever place it is named") {
        SecretDesk desk;
        const auto file = desk.write("token", "s3cret");
        desk.variables["CREDENTIALS_DIRECTORY"] = desk.folder.string();
        for (const std::string& name : {file, std::string("token"), std::string("./token"),
                                        std::string("${CREDENTIALS_DIRECTORY}/token")}) {
            CAPTURE(name);
            const auto map = desk.in_place("host: a\ntoken_file: '" + name + "'\n");
            CHECK(desk.text_at(map, "token") == "s3cret");
            CHECK(desk.text_at(map, "token_file") == "absent");
            CHECK(desk.text_at(map, "host") == "a");
            CHECK(desk.files.files().back() == file);
        }
        CHECK(desk.problems.errors == Lines{});
    }

    TEST_CASE("blanks and the end of its line behind it are no part of it, and all else is") {
        SecretDesk desk;
        for (const auto* text : {"a b #c", "a b #c\n", "a b #c\r\n", "a b #c\n\n", "a b #c \t\n \n",
                                 "\xEF\xBB\xBF"
                                 "a b #c\n"}) {
            desk.write("token", text);
            CHECK(desk.files.read("token") == "a b #c");
        }
    }

    TEST_CASE("it is read anew each time") {
        SecretDesk desk;
        desk.write("token", "old");
        CHECK(desk.text_at(desk.in_place("token_file: token"), "token") == "old");
        desk.write("token", "new");
        CHECK(desk.text_at(desk.in_place("token_file: token"), "token") == "new");
    }

    TEST_CASE("what is no secret is refused with the file and the line, and nothing of it shown") {
        SecretDesk desk;
        const auto bad = (desk.folder / "bad").string();
        CHECK(desk.refusal_of("") == bad + " is empty: put the secret into it");
        CHECK(desk.refusal_of("\n") == bad + " is empty: put the secret into it");
        CHECK(desk.refusal_of("one\ntwo\n") ==
              bad + ", line 2: a secret is one line: remove what follows it");
        CHECK(desk.refusal_of("a\tb") ==
              bad + ", line 1: a character that can't be written: is it a text file?");
        CHECK_THROWS_WITH(desk.files.read("none"), ((desk.folder / "none").string() +
                                                    ": cannot be read: No such file or directory")
                                                       .c_str());
        CHECK_THROWS_WITH(desk.files.read("/"), "/: cannot be read: Is a directory");
        CHECK_THROWS_WITH(desk.files.read("${NO_SUCH}/token"),
                          "the variable NO_SUCH is not set: set it in .env or in the environment");
        CHECK_THROWS_WITH(desk.files.read("${CREDENTIALS_DIRECTORY}/token"),
                          doctest::Contains("set it to /run/credentials/hermes-gateway.service"));
        CHECK_THROWS_WITH(desk.files.read("${UNCLOSED/token"),
                          doctest::Contains("${UNCLOSED/token: cannot be read"));
        CHECK(desk.files.files().empty());
    }

    TEST_CASE("a mistake is one complaint with its key, and the secret counts as given") {
        SecretDesk desk;
        desk.write("token", "s");
        CHECK(desk.text_at(desk.in_place("token: t\ntoken_file: token"), "token") == "t");
        CHECK(desk.text_at(desk.in_place("token_file: none"), "token") != "absent");
        CHECK(desk.text_at(desk.in_place("token_file: [a]"), "token") != "absent");
        CHECK(desk.text_at(desk.in_place("token_file: ''"), "token") != "absent");
        CHECK(desk.problems.errors ==
              Lines{"extra.token_file: beside token nobody can say which is meant: remove one of "
                    "them",
                    "extra.token_file: " + (desk.folder / "none").string() +
                        ": cannot be read: No such file or directory",
                    "extra.token_file: expected the name of a file",
                    "extra.token_file: expected the name of a file"});
    }

    TEST_CASE("a key without a value says nothing, of the secret and of its file") {
        SecretDesk desk;
        desk.write("token", "s");
        CHECK(desk.text_at(desk.in_place("token:\ntoken_file: token"), "token") == "s");
        CHECK(desk.text_at(desk.in_place("token: t\ntoken_file:"), "token") == "t");
        CHECK(desk.problems.errors == Lines{});
    }

    TEST_CASE("only a secret has a file, and a row of its own is no file of another") {
        SecretDesk desk;
        const auto map = desk.in_place("host_file: token\nproxy_file: token");
        CHECK(desk.text_at(map, "host_file") == "token");
        CHECK(desk.text_at(map, "proxy_file") == "token");
        CHECK(desk.in_place("[a, b]").items.size() == 2);
        CHECK(desk.problems.errors == Lines{});
    }

    TEST_CASE("a variable names a file, too, unless the secret itself is set") {
        SecretDesk desk;
        desk.write("token", "s\n");
        const auto in_place = [&](const Environment& environment) {
            auto result = desk.files.in_place(environment, secret_rows, "p", desk.problems);
            return result["P_TOKEN"];
        };
        CHECK(in_place({{"P_TOKEN_FILE", "token"}}) == "s");
        CHECK(in_place({{"P_TOKEN_FILE", "token"}, {"P_TOKEN", ""}}) == "s");
        CHECK(in_place({{"P_TOKEN_FILE", ""}, {"P_TOKEN", "t"}}) == "t");
        CHECK(desk.problems.errors == Lines{});
        CHECK(in_place({{"P_TOKEN_FILE", "token"}, {"P_TOKEN", "t"}}) == "t");
        CHECK(in_place({{"P_TOKEN_FILE", "none"}}) == "?");
        REQUIRE(desk.problems.errors.size() == 2);
        CHECK(desk.problems.errors[0] ==
              "P_TOKEN_FILE: is set beside P_TOKEN, and nobody can say which is meant: unset one "
              "of them");
        CHECK(desk.problems.errors[1].starts_with("P_TOKEN_FILE: "));
    }
}
