#include "text/markdown.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "text/markdown_chunks.hpp"

using hermes::text::markdown_to_text;

namespace {

std::string repeated_to(std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        text += piece;
    }
    return text;
}

constexpr std::array<std::string_view, 21> hostile_pieces{
    "[",  "*a ", "_",           "> ",         "- ",     "![",      "[a](",
    "<",  "`",   "``a`",        "&",          "|a|b\n", "*a **a ", "[a]: u\n",
    "x|", "1) ", "**x [a*](d)", "a|b\n-|-\n", "> - ",   "：**a",   "\n"};

// Each looks like a fence, and cmark sees none, or one that has ended.
constexpr std::array<std::string_view, 5> no_fences{"", "> ```\n\n", "    ```\n\n", "- ```\ntext\n",
                                                    "<!--\n```\n-->\n\n"};

void check_unchanged(const std::string& text) {
    CHECK(markdown_to_text(text) == text);
}

}  // namespace

TEST_SUITE("policy/markdown to text") {
    // --- plain text stays what it is ------------------------------------------------------------

    TEST_CASE("an empty text stays empty") {
        check_unchanged("");
        check_unchanged("\n\n");
    }

    TEST_CASE("Chinese prose passes through unchanged") {
        check_unchanged(
            "您好，张三！\n您的年假还剩5.5天（截至2024年12月31日）。\n\n"
            "如需请假，请登录：https://oa.example.com/leave_request?id=1&type=annual_leave 提交。\n"
            "价格：3~5天，10~20元；比例 3:2；“引号”《书名》、——破折号……\n");
    }

    TEST_CASE("hard-wrapped lines stay lines, and blank lines stay as many as they are") {
        check_unchanged("one\ntwo\nthree\n\n\n\nfour\n\nfive\n");
        check_unchanged("\n\nafter blank lines");
        check_unchanged("no newline at the end");
    }

    TEST_CASE("numbers in front of lines stay the numbers that they are") {
        check_unchanged("1) one\n3) three\n2) two\n");
        check_unchanged("1. one\n1. one again\n10. ten\nlazy line\n    and an indented one\n");
        check_unchanged("2024. What a year.\n3.14 is pi\n(1) one\n1、第一\n①第二");
    }

    TEST_CASE("names with underscores and addresses stay whole") {
        check_unchanged("snake_case_word, _private_name_, __init__ and __main__.py, a_b and c_d");
        check_unchanged("https://example.com/_foo_/*bar*?a_b=c_d&e=__f__#_g_ and x");
        check_unchanged("see http://10.0.0.1:8080/a*b*c*d/ for more\nwww.example.com/_x_y_");
    }

    TEST_CASE("a star between digits or letters is a multiplication") {
        check_unchanged(
            "客户：王*明、李*华，规格 5米*3米*2米，卡 招商银行****1234，工商银行****5678");
        check_unchanged("体积=长*宽*高，单价*（元）、数量*（件）\n姓名*：张三\n电话*：123");
        check_unchanged("2*3*4=24, a*b*c, 2 * 3 * 4, 2**10 and 3**2, x*y=z*w");
    }

    TEST_CASE("indentation stays") {
        check_unchanged(
            "  two\n   three\nfoo\n        deep\n\ttab\n\n    code-like\n      deeper\n\nend");
    }

    TEST_CASE("brackets, placeholders and backslashes stay") {
        check_unchanged("[1] and [x] (note) <name> <your id> a < b > c && d");
        check_unchanged("\\\\server\\share C:\\Users\\new %PATH% \\d \\n $HOME");
        check_unchanged(
            "配置在 C:\\Users\\li\\.ssh\\config，见 D:\\共享\\_归档_\\(2024) 和 "
            "\\\\nas\\部门\\#财务");
        check_unchanged("cmd --flag \\\n  --other");
        check_unchanged("第一段正常。\n\n[重启记录 [数据库]:10:02\n[网关]:10:05\n\n完毕。");
        check_unchanged("[2024-05-01 10:00 [ERROR]: timeout");
        check_unchanged("see [1]\n\n[1]: https://example.com\n[2]: http://b \"title\"\n");
    }

    TEST_CASE("tildes and rules stay") {
        check_unchanged("~~no longer~~ 100~200\n\n---\n\n***\n");
    }

    TEST_CASE("random lines of words without marks pass through unchanged") {
        const std::vector<std::string> words{"hello", "世界", "，",   "。",   "3.14", "a_b", "2*3",
                                             "x-y",   "(ok)", "“好”", "!",    "?",    ":",   "👍",
                                             "$5",    "50%",  "a/b",  "@all", "it's"};
        std::mt19937 random(11);
        for (int round = 0; round < 300; ++round) {
            std::string text = "start";
            for (unsigned i = 0; i < random() % 60; ++i) {
                text += random() % 8 == 0 ? "\n" : " ";
                text += words[random() % words.size()];
            }
            check_unchanged(text);
        }
    }

    TEST_CASE("line ends of Windows become newlines") {
        CHECK(markdown_to_text("one\r\ntwo\rthree\r\n") == "one\ntwo\nthree\n");
    }

    // --- marks go -------------------------------------------------------------------------------

    TEST_CASE("emphasis loses its marks") {
        CHECK(markdown_to_text("**bold** *it* _it_ ***both*** __bold too__ and **two words**") ==
              "bold it it both bold too and two words");
    }

    TEST_CASE("emphasis beside Chinese punctuation loses its marks as well") {
        CHECK(markdown_to_text("**注意：**请先登录，然后点击**“提交”**按钮") ==
              "注意：请先登录，然后点击“提交”按钮");
        CHECK(markdown_to_text("**Note:**请看**（附件）**。") == "Note:请看（附件）。");
        CHECK(markdown_to_text("1. **第一步：**打开\n2. **第二步。**关闭") ==
              "1. 第一步：打开\n2. 第二步。关闭");
    }

    TEST_CASE("so does it with signs at its ends") {
        CHECK(markdown_to_text("运行**`ls`**命令，环比**+8%**增长") == "运行ls命令，环比+8%增长");
        CHECK(markdown_to_text("售价**$5**起，点击**<提交>**按钮，增长**+8%**，下降**-3%**。") ==
              "售价$5起，点击<提交>按钮，增长+8%，下降-3%。");
        CHECK(markdown_to_text("**C:\\Users\\li_a**和**王*明**") == "C:\\Users\\li_a和王*明");
    }

    TEST_CASE("headings become lines") {
        CHECK(markdown_to_text("# One\n\n## Two ##\ntext\n\nThree\n=====\nmore\n\nFour\n----\n") ==
              "One\n\nTwo\ntext\n\nThree\nmore\n\nFour\n");
    }

    TEST_CASE("bullets become dots and keep their indentation") {
        CHECK(markdown_to_text(
                  "- one\n* two\n  - three\n    continued\n+ four\n- - five\n-\n  six") ==
              "• one\n• two\n  • three\n    continued\n• four\n• • five\n•\n  six");
        CHECK(markdown_to_text("1. one\n   - two\n2. three\n\n   more\n-\n") ==
              "1. one\n   • two\n2. three\n\n   more\n•\n");
        CHECK(markdown_to_text("- [ ] open\n- [x] done") == "• [ ] open\n• [x] done");
    }

    TEST_CASE("quotes keep their marks") {
        CHECK(markdown_to_text("> one **two**\n> three\nlazy\n>\n> - four\n> > five\n") ==
              "> one two\n> three\nlazy\n>\n> • four\n> > five\n");
    }

    TEST_CASE("links show their address") {
        CHECK(markdown_to_text("[the page](https://example.com/a_b_c) and "
                               "<https://example.com/x> and [https://a.b](https://a.b)") ==
              "the page (https://example.com/a_b_c) and https://example.com/x and https://a.b");
        CHECK(markdown_to_text("[**bold** text](/a \"title\") [](https://e.x) [here](#part)") ==
              "bold text (/a) https://e.x here");
        CHECK(markdown_to_text("<me@example.com> [me@a.b](mailto:me@a.b)") ==
              "me@example.com me@a.b");
    }

    TEST_CASE("pictures show their description and address, a picture in a link the link's") {
        CHECK(markdown_to_text("![a chart](https://i/p.png) ![](https://i/q.png)") ==
              "a chart (https://i/p.png) https://i/q.png");
        CHECK(markdown_to_text("[![logo](https://i/l.png)](https://site)") ==
              "logo (https://site)");
    }

    TEST_CASE("inline code is shown as it is, in backticks where it would be lost") {
        CHECK(markdown_to_text("run `ls -la | wc` or `` a`b ``, split at `.` and `*`") ==
              "run ls -la | wc or a`b, split at `.` and `*`");
        CHECK(markdown_to_text("`__init__` `a*b*c` `\\d+\\.\\d+` `&lt;`") ==
              "__init__ a*b*c \\d+\\.\\d+ &lt;");
    }

    TEST_CASE("a fenced block is shown verbatim, set apart by blank lines") {
        CHECK(markdown_to_text(
                  "Run:\n```sh\n  ls *.txt | *x*\n\n# not a heading\n```\nthen **go**") ==
              "Run:\n\n  ls *.txt | *x*\n\n# not a heading\n\nthen go");
        CHECK(markdown_to_text("```\nonly\n```\n") == "only\n");
        CHECK(markdown_to_text("~~~~\n```\n~~~~\nx") == "```\n\nx");
        CHECK(markdown_to_text("text\n\n```\nnever closed\n") == "text\n\nnever closed\n");
        CHECK(markdown_to_text("```\n```") == "");
    }

    TEST_CASE("a fenced block in a list keeps its place") {
        CHECK(markdown_to_text("1. do\n   ```\n   ls\n   ```\n2. done") ==
              "1. do\n\n   ls\n\n2. done");
        CHECK(markdown_to_text("- ```\n  ls\n  ```\n") == "•\n  ls\n");
    }

    TEST_CASE("a table becomes aligned rows, with Chinese counted as wide as it is") {
        CHECK(markdown_to_text("| 名称 | 数量 |\n|:-----|-----:|\n| **苹果** | `3` |\n| x | |\n") ==
              "名称 | 数量\n-----+-----\n苹果 | 3\nx    |\n");
        CHECK(markdown_to_text("a|b\n-|-\n1|2") == "a | b\n--+--\n1 | 2");
    }

    TEST_CASE("a table may follow text, stand in a list, and hold links, pipes and breaks") {
        CHECK(markdown_to_text("Look:\n| a | b |\n|---|---|\n| x\\|y | p<br>q |\n") ==
              "Look:\na   | b\n----+----\nx|y | p q\n");
        CHECK(markdown_to_text("- t\n\n  | a | b |\n  |---|---|\n  | [l](u) | # 2 |\n") ==
              "• t\n\n  a     | b\n  ------+----\n  l (u) | # 2\n");
    }

    TEST_CASE("a table too wide for a phone is not padded") {
        const std::string wide = "a long description that takes some room";
        CHECK(markdown_to_text("| n | d |\n|---|---|\n| 1 | " + wide + " |\n") ==
              "n | d\n---\n1 | " + wide + "\n");
    }

    TEST_CASE("a row with too many cells loses none, and lines with pipes are no table") {
        CHECK(markdown_to_text("|a|b|\n|-|-|\n|1|2|3|") == "a | b\n--+---+--\n1 | 2 | 3");
        check_unchanged("a | b\nc | d\n");
        check_unchanged("a | b\n|---|\nc");
    }

    TEST_CASE("escapes and entities become what they mean") {
        CHECK(markdown_to_text("\\*not bold\\* snake\\_case 1\\. \\# &amp; &lt;b&gt; &copy;") ==
              "*not bold* snake_case 1. # & <b> ©");
    }

    TEST_CASE("a definition stays a line, also with escaped brackets or the longest name") {
        CHECK(markdown_to_text("[items\\[0\\]]: 42\n[a\\]b]: x\n[^\\]]: anything") ==
              "[items[0]]: 42\n[a]b]: x\n[^]]: anything");
        CHECK(markdown_to_text("[\\[1\\]]: https://e.x") == "[[1]]: https://e.x");
        check_unchanged("[a\\\\]: x");
        check_unchanged('[' + std::string(1'000, 'a') + "]: x");
    }

    TEST_CASE("breaks become line ends, other HTML stays") {
        CHECK(markdown_to_text("one<br>two<br/>three  \nfour\\\nfive") ==
              "one\ntwo\nthree\nfour\\\nfive");
        check_unchanged("<div>\n  <b>x</b>\n</div>\n");
        check_unchanged("H<sub>2</sub>O <!-- note -->");
    }

    // --- hostile and long -----------------------------------------------------------------------

    TEST_CASE("a text that already has the stand-ins shows them as unknown characters") {
        CHECK(markdown_to_text("a\ufdd0b\ufdd4c") == "a\ufffdb\ufffdc");
        CHECK(markdown_to_text("\xef\xb7") == "\xef\xb7");
        CHECK(markdown_to_text("\ufdf2") == "\ufdf2");
    }

    TEST_CASE("a document of a megabyte is converted in pieces that do not show") {
        const std::string block =
            "# 标题\n\n**重点：**内容 and words\n- item\n\n```py\na = [1]\n\n```\n\n";
        const std::string plain = "标题\n\n重点：内容 and words\n• item\n\na = [1]\n\n\n";
        const std::size_t count = 1'000'000 / block.size();
        CHECK(markdown_to_text(repeated_to(block, count * block.size())) ==
              repeated_to(plain, count * plain.size()));
        const auto log = repeated_to("2024-01-01 [info] *x* _y_ | z\n\n", 300'000);
        CHECK(markdown_to_text("```\n" + log + "```\n") == log);
        const auto prose = repeated_to("word word，词\n", 300'000);
        check_unchanged(prose);
        check_unchanged(repeated_to("x", 300'000));
    }

    TEST_CASE("long code keeps to its fences, in a list too, whatever its lines look like") {
        const auto diff = repeated_to("-a *x*\n+```\n    ```\n\n", 300'000);
        const bool whole = markdown_to_text("```diff\n" + diff + "```\n**end**") == diff + "end";
        CHECK(whole);
        const auto code = repeated_to("   ls *x*\n\n", 300'000);
        const std::string behind = "   ```\n2. **two**\n```\n**x**\n```\n";
        const bool below_item = markdown_to_text("1. one\n   ```sh\n" + code + behind) ==
                                "1. one\n\n" + code + "2. two\n\n**x**\n";
        CHECK(below_item);
        const bool as_item =
            markdown_to_text("1. ```sh\n" + code + behind) == "1.\n" + code + "2. two\n\n**x**\n";
        CHECK(as_item);
        const auto left = markdown_to_text("- ```\n" + code + "left\n\n> **quoted**\n");
        CHECK(left.ends_with("\nleft\n\n> quoted\n"));
    }

    TEST_CASE("no text takes time that grows with its square") {
        for (const auto piece : hostile_pieces) {
            CAPTURE(piece);
            const auto begin = std::chrono::steady_clock::now();
            CHECK(markdown_to_text(repeated_to(piece, 200'000)).size() < 2'000'000);
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
        }
    }

    TEST_CASE("what looks like an open fence does not make a piece longer") {
        for (const auto no_fence : no_fences) {
            for (const auto piece : hostile_pieces) {
                CAPTURE(no_fence);
                CAPTURE(piece);
                const auto text = std::string(no_fence) + repeated_to(piece, 200'000);
                for (const auto chunk : hermes::text::markdown_chunks(text)) {
                    CHECK(chunk.size() <= hermes::text::stretched_chunk_bytes);
                }
            }
        }
    }

    TEST_CASE("a list of a hundred thousand levels is not walked once for each blank line") {
        for (const auto no_fence : no_fences) {
            CAPTURE(no_fence);
            const auto text = std::string(no_fence) + repeated_to("- ", 200'000) + 'x' +
                              repeated_to("\n", 200'000);
            const auto begin = std::chrono::steady_clock::now();
            CHECK(markdown_to_text(text).size() > 300'000);
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
        }
    }

    TEST_CASE("what is nested deeper than anybody nests is text") {
        CHECK(markdown_to_text(repeated_to("- ", 100) + "x") ==
              repeated_to("• ", 32 * 4) + repeated_to("- ", 36) + "x");
        check_unchanged(repeated_to("> ", 100) + "x\n" + repeated_to(">", 100) + "\n");
        check_unchanged(repeated_to("- ", 100) + "-\n" + repeated_to("1 2 ", 100) + "3\n");
        check_unchanged(repeated_to(" ", 100) + "indented\n");
    }

    // CVE-2023-22486 and its like: 16 KB of this took 10 s and gigabytes with cmark's own tables.
    TEST_CASE("a table of thousands of columns is no table") {
        const auto header = repeated_to("x|", 6'000);
        const auto text =
            header + "\n" + repeated_to("-|", 6'000) + "\n" + repeated_to("x\n", 6'000);
        check_unchanged(text);
    }
}
