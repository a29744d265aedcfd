#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "support/repeated.hpp"
#include "text/markdown.hpp"

using hermes::base::is_utf8;
using hermes::test::repeated;
using hermes::text::markdown_parts;
using hermes::text::PartNumbers;
using hermes::text::text_parts;

namespace {

using Parts = std::vector<std::string>;

std::string whole(std::string_view markdown) {
    const auto parts = markdown_parts(markdown, 100'000, PartNumbers::none);
    REQUIRE(parts.size() == 1);
    return parts.front();
}

std::size_t count_of(std::string_view needle, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + needle.size())) {
        ++count;
    }
    return count;
}

// Fences, bold, links and fonts that are open at the end of a part would show as marks.
bool is_valid_alone(const std::string& part) {
    bool in_code = false;
    std::size_t bold = 0;
    for (std::size_t begin = 0; begin <= part.size();) {
        const auto end = std::min(part.find('\n', begin), part.size());
        const auto line = std::string_view(part).substr(begin, end - begin);
        if (line.find("```") != std::string_view::npos) {
            in_code = !in_code;
        } else if (!in_code) {
            bold += count_of("**", line);
        }
        begin = end + 1;
    }
    const bool links_whole = count_of("](", part) == count_of("](https://e.x/page)", part);
    const bool fonts_whole = count_of("<font color=\"", part) == count_of("<font", part) &&
                             count_of("<font", part) == count_of("</font>", part);
    return !in_code && bold % 2 == 0 && links_whole && fonts_whole;
}

}  // namespace

TEST_SUITE("policy/markdown parts") {
    TEST_CASE("what WeCom shows stays: headings, bold, links, inline code, quotes, font colours") {
        const std::string known =
            "# One\n## Two\n\n**bold** and [link](https://e.x/a_b) and `code`\n\n> quote\n\n"
            "<font color=\"info\">green</font>\n";
        CHECK(whole(known) == known);
    }

    TEST_CASE("bold ends beside Chinese punctuation") {
        CHECK(whole("**注意：**请看") == "**注意：**请看");
    }

    TEST_CASE("what WeCom does not know becomes what it shows") {
        CHECK(whole("*it* _it_ ***both***") == "it it **both**");
        CHECK(whole("- one\n  - two\n1. three") == "• one\n  • two\n1. three");
        CHECK(whole("![chart](https://i/p.png)") == "[chart](https://i/p.png)");
        CHECK(whole("<https://e.x> [https://e.x](https://e.x)") == "https://e.x https://e.x");
        CHECK(whole("| a | b |\n|---|---|\n| **1** | 2 |\n") == "a | b\n--+--\n1 | 2\n");
        CHECK(whole("~~gone~~") == "~~gone~~");
        CHECK(whole("One\n===\n\nTwo\n---\ntext") == "# One\n\n## Two\ntext");
        CHECK(whole("first\nsecond\n---\ntext") == "first\nsecond\ntext");
    }

    TEST_CASE("bold inside bold is bold, and empty bold is nothing") {
        CHECK(whole("**a **b** c**") == "**a b c**");
        CHECK(whole("## ** **") == "## ** **");
    }

    TEST_CASE("an address with spaces or parentheses stays one link") {
        CHECK(whole("[a](<https://e.x/(b) c>)") == "[a](https://e.x/%28b%29%20c)");
        CHECK(whole("[a \\[1\\]](https://e.x)") == "a [1] (https://e.x)");
    }

    TEST_CASE("a fenced block keeps its fences and its info string") {
        const std::string block = "text\n```python\nx = *y*\n\n```\nmore";
        CHECK(whole(block) == block);
        CHECK(whole("~~~\n```\n~~~") == "~~~\n```\n~~~");
        CHECK(whole("open\n```sh\nls") == "open\n```sh\nls\n```");
        CHECK(whole("```\n```") == "```\n```");
    }

    TEST_CASE("a block that is cut is closed and opened again with the same info string") {
        const auto parts =
            markdown_parts("```py\n" + repeated("x = 1\n", 30) + "```\n", 100, PartNumbers::none);
        REQUIRE(parts.size() > 1);
        for (const auto& part : parts) {
            CHECK(part.starts_with("```py\n"));
            CHECK((part.ends_with("\n```") || part.ends_with("\n```\n")));
            CHECK(part.size() <= 100);
        }
        std::size_t lines = 0;
        for (const auto& part : parts) {
            lines += count_of("x = 1\n", part);
        }
        CHECK(lines == 30);
    }

    TEST_CASE("numbers stand before the fence that is opened again") {
        const auto parts =
            markdown_parts("```py\n" + repeated("x = 1\n", 30) + "```\n", 100, PartNumbers::shown);
        CHECK(parts[1].starts_with("(2/" + std::to_string(parts.size()) + ")\n```py\nx = 1\n"));
    }

    TEST_CASE("a small block moves to the next part as a whole") {
        const auto text = repeated("word ", 17) + "word.\n";
        const auto parts = markdown_parts(text + "```\na\nb\nc\n```", 100, PartNumbers::none);
        CHECK(parts == Parts{text, "```\na\nb\nc\n```"});
    }

    TEST_CASE("a block between two tables that is cut is closed within the limit") {
        const auto head = "| " + repeated("h", 190) + " | i |\n|---|---|\n";
        for (std::size_t rows = 240; rows < 300; ++rows) {
            CAPTURE(rows);
            const auto table = head + repeated("| row | y |\n", rows);
            const auto text = table + "\n```\n" + repeated("z", 1600) + "\n```\n\n" + table;
            for (const auto& part : markdown_parts(text, 2048, PartNumbers::none)) {
                CHECK(part.size() <= 2048);
                CHECK(is_valid_alone(part));
            }
        }
    }

    TEST_CASE("a table that is cut has its header again, in text and in Markdown") {
        std::string table = "| Name | Count |\n|---|---|\n";
        for (int row = 10; row < 40; ++row) {
            table += "| item " + std::to_string(row) + " | " + std::to_string(row * 3) + " |\n";
        }
        for (const auto& parts : {markdown_parts(table, 200, PartNumbers::none),
                                  text_parts(table, 200, PartNumbers::none)}) {
            REQUIRE(parts.size() > 2);
            std::size_t rows = 0;
            for (const auto& part : parts) {
                CHECK(part.starts_with("Name    | Count\n--------+------\nitem "));
                CHECK(part.size() <= 200);
                rows += count_of("item ", part);
            }
            CHECK(rows == 30);
        }
        const auto numbered = text_parts(table, 200, PartNumbers::shown);
        CHECK(numbered[1].starts_with("(2/" + std::to_string(numbered.size()) + ")\nName "));
    }

    TEST_CASE("a header never stands without a row, and a small table is not cut") {
        const auto text = repeated("word ", 17) + "word.\n\n";
        const std::string table = "a | b\n--+--\n1 | 2\n3 | 4";
        CHECK(text_parts(text + "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", 100,
                         PartNumbers::none) == Parts{text, table});
    }

    TEST_CASE("a header as long as a part is not repeated, and nothing is lost") {
        const auto name = repeated("h", 80);
        std::string table = "| " + name + " | b |\n|---|---|\n";
        for (int row = 0; row < 20; ++row) {
            table += "| x" + std::to_string(row) + " | y |\n";
        }
        const auto parts = text_parts(table, 100, PartNumbers::none);
        std::string joined;
        for (const auto& part : parts) {
            CHECK(part.size() <= 100);
            joined += part;
        }
        CHECK(count_of(name, joined) == 1);
        CHECK(count_of("x", joined) == 20);
    }

    TEST_CASE("a text without a table is split as any text") {
        const auto text = repeated("一句话。", 100) + "\n\n" + repeated("word ", 100);
        CHECK(text_parts(text, 200, PartNumbers::shown) ==
              hermes::text::split_text(hermes::text::markdown_to_text(text), 200,
                                       PartNumbers::shown));
    }

    TEST_CASE("a bold, a link and an inline code are never cut") {
        const std::string bold = "**two words and more**";
        const std::string link = "[a link text](https://e.x/page)";
        for (std::size_t offset = 0; offset < 80; ++offset) {
            const auto before = repeated("x", offset) + " ";
            const auto parts = markdown_parts(before + bold + " " + link + " `a b c`" + link, 128,
                                              PartNumbers::none);
            std::string joined;
            for (const auto& part : parts) {
                CHECK(is_valid_alone(part));
                CHECK(count_of("`", part) % 2 == 0);
                joined += part;
            }
            CHECK(joined == before + bold + " " + link + " `a b c`" + link);
        }
    }

    TEST_CASE("a bold or a link too long for its marks loses them and no text") {
        const auto words = repeated("words ", 100) + "end";
        std::string joined;
        for (const auto& part : markdown_parts("**" + words + "**", 100, PartNumbers::none)) {
            joined += part;
        }
        CHECK(joined == words);
        const auto url = "https://e.x/" + repeated("p", 200);
        joined.clear();
        for (const auto& part : markdown_parts("[a](" + url + ")", 100, PartNumbers::none)) {
            joined += part;
        }
        CHECK(joined == "a (" + url + ")");
    }

    TEST_CASE("a coloured text is never cut, nor is one in a row of a table") {
        const std::string red = "<font color=\"warning\">red **and bold**</font>";
        for (std::size_t offset = 0; offset < 256; ++offset) {
            const auto before = repeated("x", offset) + ' ';
            const auto text = before + red + " **bold " + red + "** x\n\n| a | b |\n|---|---|\n" +
                              repeated("| " + before + "| " + red + " |\n", 3);
            std::size_t reds = 0;
            for (const auto& part : markdown_parts(text, 256, PartNumbers::shown)) {
                CAPTURE(part);
                CHECK(part.size() <= 256);
                CHECK(is_valid_alone(part));
                reds += count_of("</font>", part);
            }
            CHECK(reds == 5);
        }
    }

    TEST_CASE("a coloured text too long for its tags loses them and no text") {
        const auto lines = repeated("one line\n", 100);
        const auto html = "<font color=\"warning\">\n" + lines + "</font>\n";
        CHECK(markdown_parts(html, 2'048, PartNumbers::none) == Parts{html});
        const std::string code = "```\n<font color=\"info\">\n```\n";
        for (const auto& text : {"<font color=\"warning\">" + lines + "</font>",
                                 "<font color=\"info\">\n" + lines + "</font>",
                                 "<font color=\"info\">a\n\n" + code + lines + "b</font>",
                                 "`<font color=\"info\">`" + lines + "`</font>`"}) {
            std::string joined;
            for (const auto& part : markdown_parts(text, 256, PartNumbers::none)) {
                CHECK(part.size() <= 256);
                CHECK(count_of("<font", part) + count_of("</font>", part) <= 1);
                joined += part;
            }
            CHECK(count_of("one line\n", joined) == 100);
        }
    }

    TEST_CASE("an empty document gives no part") {
        CHECK(markdown_parts("", 2048, PartNumbers::shown).empty());
    }

    TEST_CASE("random documents keep every limit and every part valid") {
        const std::vector<std::string> pieces{
            "word ",
            "**bold words** ",
            "[link](https://e.x/page) ",
            "`code` ",
            "\n\n",
            "\n",
            "# Heading\n",
            "- item\n",
            "> quote\n",
            "\n```cpp\nint x = 1;\nreturn x;\n```\n",
            "中文句子，很好。",
            "<font color=\"info\">green</font> ",
            "<font color=\"comment\">" + repeated("grey words\n", 20) + "</font> ",
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
            "1. one\n",
            "\n\n```\n" + repeated("line of code\n", 40) + "```\n\n",
            "\n\n```\n" + repeated("z", 1500) + "\n```\n\n",
            "\n\n| a | b |\n|---|---|\n" + repeated("| a longer cell | 2 |\n", 30) + "\n"};
        std::mt19937 random(3);
        for (int round = 0; round < 300; ++round) {
            CAPTURE(round);
            std::string text;
            for (unsigned i = 0; i < random() % 80; ++i) {
                text += pieces[random() % pieces.size()];
            }
            const std::size_t bytes_max = 128 + random() % 400;
            const auto numbers = random() % 2 == 0 ? PartNumbers::none : PartNumbers::shown;
            for (const auto& part : text_parts(text, bytes_max, numbers)) {
                CAPTURE(part);
                CHECK(part.size() <= bytes_max);
                CHECK(is_utf8(part));
            }
            for (const auto& part : markdown_parts(text, bytes_max, numbers)) {
                CAPTURE(part);
                CHECK(part.size() <= bytes_max);
                CHECK(is_utf8(part));
                CHECK(is_valid_alone(part));
            }
        }
    }
}
