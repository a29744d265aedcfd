#include "config/yaml_file.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "support/temp_directory.hpp"

using namespace hermes::host;
using Kind = ConfigNode::Kind;

TEST_SUITE("host_stub/config/yaml_file") {
    TEST_CASE("a document becomes a tree of text in the order of the file") {
        const auto tree = parse_yaml("b: 1\na: [x, \"2\", {c: null}]\nd:\n", "config.yaml");
        REQUIRE(tree.kind == Kind::map);
        REQUIRE(tree.entries.size() == 3);
        CHECK(tree.entries[0].key == "b");
        CHECK(tree.entries[0].value.text == "1");
        const auto& list = tree.entries[1].value;
        REQUIRE(list.kind == Kind::list);
        REQUIRE(list.items.size() == 3);
        CHECK(list.items[1].text == "2");
        CHECK(list.items[2].find("c")->kind == Kind::null);
        CHECK(tree.find("d")->kind == Kind::null);
        CHECK(tree.find("e") == nullptr);
    }

    TEST_CASE("an empty document is nothing") {
        CHECK(parse_yaml("", "config.yaml").kind == Kind::null);
        CHECK(parse_yaml("# only a comment\n", "config.yaml").kind == Kind::null);
    }

    TEST_CASE("a syntax error names file and line") {
        CHECK_THROWS_WITH_AS(parse_yaml("a: 1\nb: [1, 2\nc: 3\n", "x/config.yaml"),
                             "x/config.yaml, line 3: end of sequence flow not found",
                             std::runtime_error);
    }

    TEST_CASE("a quotation mark that is never closed, as after a full-width one, names its line") {
        for (const std::string quote : {"\"", "'"}) {
            for (const std::string end : {"", "\n", "\n\n"}) {
                CAPTURE(quote);
                CAPTURE(end);
                CHECK_THROWS_WITH_AS(
                    parse_yaml("a: " + quote + "1\n  2" + quote + "\nb: " + quote +
                                   "words\u201d\nproxy: http://secret\nc: 3" + end,
                               "config.yaml"),
                    "config.yaml, line 3: a quotation mark opens here and is never closed",
                    std::runtime_error);
            }
        }
        CHECK(parse_yaml("a: |\n  don't\n", "config.yaml").find("a")->text == "don't\n");
        CHECK(parse_yaml("a: |+\n  x\n", "config.yaml").find("a")->text == "x\n");
    }

    TEST_CASE("what follows a line of dashes is refused, not ignored") {
        for (const auto* text : {"a: 1\n\n---\nb: 2\n", "a: 1\n\n---\nb: '2\n", "\n\n, a: 1\n"}) {
            CAPTURE(text);
            CHECK_THROWS_WITH_AS(
                parse_yaml(text, "config.yaml"),
                "config.yaml, line 3: nothing is read from here on: remove the --- "
                "or the sign that ends the document",
                std::runtime_error);
        }
        CHECK(parse_yaml("---\na: 1\n...\n", "config.yaml").find("a")->text == "1");
    }

    TEST_CASE("a full-width colon names its line, not the next one") {
        CHECK_THROWS_WITH_AS(
            parse_yaml("a: 1\ntoken\uff1aabc\nb: 2\n", "config.yaml"),
            "config.yaml, line 2: the colon is a full-width one: write : and a blank behind it",
            std::runtime_error);
    }

    TEST_CASE("a colon without its blank names its line, not the next one") {
        for (const auto* separator : {":", ":\u3000"}) {
            CAPTURE(separator);
            CHECK_THROWS_WITH_AS(
                parse_yaml(std::string("a: 1\ntoken") + separator + "abc\nb: 2\n", "config.yaml"),
                "config.yaml, line 2: write a blank behind the colon", std::runtime_error);
        }
        CHECK_THROWS_WITH_AS(parse_yaml("a: b: c\n", "config.yaml"),
                             "config.yaml, line 1: illegal map value", std::runtime_error);
    }

    TEST_CASE("a key that is given twice is refused") {
        CHECK_THROWS_WITH_AS(parse_yaml("a: 1\nb: {port: 1,\n  port: 2}\n", "config.yaml"),
                             "config.yaml, line 3: the key port is given twice",
                             std::runtime_error);
    }

    TEST_CASE("a key that is no word is refused") {
        CHECK_THROWS_WITH_AS(parse_yaml("a: 1\n[b]: 2\n", "config.yaml"),
                             "config.yaml, line 2: a key must be a plain word", std::runtime_error);
    }

    TEST_CASE("a document that contains itself is refused") {
        CHECK_THROWS_AS(parse_yaml("a: &a [*a]\n", "config.yaml"), std::runtime_error);
        std::string deep;
        for (int i = 0; i < 100; ++i) {
            deep += "[";
        }
        CHECK_THROWS_AS(parse_yaml(deep + std::string(100, ']'), "config.yaml"),
                        std::runtime_error);
    }

    TEST_CASE("a file in another encoding than UTF-8 is refused with its line") {
        CHECK_THROWS_WITH_AS(parse_yaml("a: \u4f60\nb: \xc4\xe3\xba\xc3\n", "config.yaml"),
                             "config.yaml, line 2: not UTF-8: save the file as UTF-8",
                             std::runtime_error);
        CHECK(parse_yaml("\xef\xbb\xbf"
                         "a: \u4f60\u597d\n",
                         "config.yaml")
                  .entries.size() == 1);
    }

    TEST_CASE("a file that can't be read is named") {
        const hermes::test::TempDirectory folder;
        CHECK_THROWS_WITH_AS(read_yaml_file("/nowhere/config.yaml"),
                             "/nowhere/config.yaml: cannot be read: No such file or directory",
                             std::runtime_error);
        CHECK_THROWS_WITH_AS(read_yaml_file(folder.path()),
                             (folder.path().string() + ": cannot be read: Is a directory").c_str(),
                             std::runtime_error);
        std::ofstream(folder.path() / "empty.yaml");
        CHECK(read_yaml_file(folder.path() / "empty.yaml").kind == Kind::null);
    }
}
