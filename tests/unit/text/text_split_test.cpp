#include "text/text_split.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "support/repeated.hpp"

using hermes::base::is_utf8;
using hermes::test::repeated;
using hermes::text::clean_text;
using hermes::text::is_blank;
using hermes::text::PartNumbers;
using hermes::text::split_text;

namespace {

using Parts = std::vector<std::string>;

Parts split(std::string_view text, std::size_t bytes_max = 64) {
    return split_text(text, bytes_max, PartNumbers::none);
}

std::string joined(const Parts& parts) {
    std::string text;
    for (const auto& part : parts) {
        text += part;
    }
    return text;
}

std::string joined_without_numbers(const Parts& parts) {
    std::string text;
    for (const auto& part : parts) {
        text += part.substr(part.find('\n') + 1);
    }
    return text;
}

// The parts are the text, but for blank ones.
bool show_all_of(std::string_view text, const Parts& parts) {
    for (const auto& part : parts) {
        const auto at = text.find(part);
        if (at == text.npos || !is_blank(text.substr(0, at))) {
            return false;
        }
        text.remove_prefix(at + part.size());
    }
    return is_blank(text);
}

std::size_t largest(const Parts& parts) {
    std::size_t bytes = 0;
    for (const auto& part : parts) {
        bytes = std::max(bytes, part.size());
    }
    return bytes;
}

// Each is one cluster, and stays one whatever stands beside it.
const std::vector<std::string> clusters{"a",
                                        "b",
                                        "Z",
                                        "7",
                                        " ",
                                        " ",
                                        " ",
                                        ".",
                                        ",",
                                        "!",
                                        "\n",
                                        "\n",
                                        "\t",
                                        "\r\n",
                                        "。",
                                        "，",
                                        "”",
                                        "你",
                                        "好",
                                        "企",
                                        "é",
                                        "e\u0301",
                                        "a\u0323\u0302",
                                        "\u1112\u1161\u11ab",  // 한 in Jamo
                                        "👍",
                                        "👍🏽",
                                        "❤\ufe0f",
                                        "👨‍👩‍👧‍👦",
                                        "🏳\ufe0f‍🌈",
                                        "🇨🇳",
                                        "x\u20dd",
                                        "कि",
                                        "\xe3\x80\x80"};

struct KnownText {
    std::string text;
    std::set<std::size_t> boundaries;  // where clusters end
};

KnownText random_text(std::mt19937& random, std::size_t pieces) {
    KnownText known;
    std::uniform_int_distribution<std::size_t> pick(0, clusters.size() - 1);
    for (std::size_t i = 0; i < pieces; ++i) {
        known.text += clusters[pick(random)];
        known.boundaries.insert(known.text.size());
    }
    return known;
}

bool cuts_only_at(const std::set<std::size_t>& boundaries, const Parts& parts) {
    std::size_t offset = 0;
    return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        offset += part.size();
        return boundaries.contains(offset);
    });
}

}  // namespace

TEST_SUITE("policy/text_split") {
    TEST_CASE("an empty text gives no part, and a short one gives itself") {
        CHECK(split("").empty());
        CHECK(split_text("", 64, PartNumbers::shown).empty());
        CHECK(split("hello") == Parts{"hello"});
        CHECK(split_text(std::string(64, 'x'), 64, PartNumbers::shown) ==
              Parts{std::string(64, 'x')});
    }

    TEST_CASE("a part ends after a paragraph where it can") {
        const auto first = repeated("word ", 6) + "end.\nsecond line.\n\n";
        const auto second = repeated("more ", 8);
        CHECK(split(first + second) == Parts{first, second});
    }

    TEST_CASE("a blank line of spaces parts paragraphs too, and a run of blank lines stays whole") {
        const auto first = std::string(20, 'a') + "\n \t\n\n\n";
        const auto second = std::string(20, 'b') + "\n" + std::string(30, 'c');
        CHECK(split(first + second) == Parts{first, second});
    }

    TEST_CASE("a part ends after a line where no paragraph ends") {
        const auto first = repeated("word. ", 5) + "end\n";
        const auto second = repeated("more. ", 9);
        CHECK(split(first + second) == Parts{first, second});
    }

    TEST_CASE("a part ends after a sentence where no line ends") {
        CHECK(
            split("The first sentence is here. The second sentence is here and long enough.") ==
            Parts{"The first sentence is here. ", "The second sentence is here and long enough."});
        CHECK(split("第一句话在这里，稍微长一点。第二句话也在这里，也稍微长一点，好的") ==
              Parts{"第一句话在这里，稍微长一点。", "第二句话也在这里，也稍微长一点，好的"});
    }

    TEST_CASE("closing quotes and brackets stay with their sentence") {
        CHECK(split("他说：“我们今天就把它做完吧！”然后大家都同意了，于是开始") ==
              Parts{"他说：“我们今天就把它做完吧！”", "然后大家都同意了，于是开始"});
        CHECK(split("He asked (was it \"done already?\") and then the others all agreed.") ==
              Parts{"He asked (was it \"done already?\") ", "and then the others all agreed."});
    }

    TEST_CASE("a decimal point and a host name end no sentence") {
        const auto parts =
            split("It is 3.14159 at example.com/some/path/index.html or so they say");
        CHECK(parts.front() == "It is 3.14159 at example.com/some/path/index.html or so they say");
        CHECK(split("pi = 3.14159265358979323846, see example.com/a/b/c/d/e/f/g/h/i") ==
              Parts{"pi = 3.14159265358979323846, see example.com/a/b/c/d/e/f/g/h/i"});
        CHECK(split("pi = 3.14159265358979323846 see www.example.com/a/b/c/d/e/f/g/h/i") ==
              Parts{"pi = 3.14159265358979323846 see ", "www.example.com/a/b/c/d/e/f/g/h/i"});
    }

    TEST_CASE("a part ends after a word where no sentence ends") {
        const auto parts = split(repeated("abcdefg ", 20));
        CHECK(parts.size() == 3);
        CHECK(parts.front() == repeated("abcdefg ", 8));
    }

    TEST_CASE("a Chinese comma is as good as a space") {
        CHECK(split("一二三四五六七八九十，一二三四五六七八九十一二三") ==
              Parts{"一二三四五六七八九十，", "一二三四五六七八九十一二三"});
    }

    TEST_CASE("no part is cut short by an early paragraph while a lesser place offers more") {
        const auto text = "Hi,\n\n" + repeated("abcdefg ", 20);
        const auto parts = split(text);
        CHECK(parts.front() == "Hi,\n\n" + repeated("abcdefg ", 7));
        CHECK(joined(parts) == text);
    }

    TEST_CASE("without any better place a part is filled to the last whole character") {
        CHECK(split(std::string(100, 'x')) == Parts{std::string(64, 'x'), std::string(36, 'x')});
        CHECK(split(repeated("好", 30)) == Parts{repeated("好", 21), repeated("好", 9)});
    }

    TEST_CASE("combining marks, emoji sequences, flags and CR LF stay whole") {
        for (const std::string cluster : {"e\u0301", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽",
                                          "\u1112\u1161\u11ab", "\r\n", "🏳\ufe0f‍🌈"}) {
            CAPTURE(cluster);
            for (std::size_t offset = 0; offset < cluster.size(); ++offset) {
                const auto text = std::string(offset, 'x') + repeated(cluster, 40);
                for (const auto& part : split(text)) {
                    CHECK((part.size() - (part.front() == 'x' ? offset : 0)) % cluster.size() == 0);
                }
                CHECK(show_all_of(text, split(text)));
            }
        }
    }

    TEST_CASE("a mark that combines with a space keeps it from being cut off") {
        const auto text = std::string(62, 'x') + " \u0301yz";
        CHECK(split(text) == Parts{std::string(62, 'x'), " \u0301yz"});
    }

    TEST_CASE("a single cluster larger than a part is cut between characters") {
        const auto text = "a" + repeated("\u0301", 100) + "b";
        const auto parts = split(text);
        CHECK(joined(parts) == text);
        CHECK(std::all_of(parts.begin(), parts.end(), is_utf8));
        CHECK(largest(parts) <= 64);
    }

    TEST_CASE("broken UTF-8 is cut at bytes and nothing is lost") {
        const auto text = repeated("\x80", 50) + repeated("\xe4\xbd", 60) + repeated("\xff", 90);
        const auto parts = split(text);
        CHECK(joined(parts) == text);
        CHECK(largest(parts) <= 64);
    }

    TEST_CASE("a part of which nothing can be seen is left out, and nothing else (44004)") {
        for (const std::string space : {" ", "\n", "\t", "\u3000", "\u00a0", "\u200b", " \n"}) {
            CAPTURE(space);
            const auto blank = repeated(space, 500);
            CHECK(split(blank).empty());
            CHECK(split_text(blank, 64, PartNumbers::shown).empty());
            const auto text = "first" + blank + "second" + blank;
            for (const auto numbers : {PartNumbers::none, PartNumbers::shown}) {
                const auto parts = split_text(text, 64, numbers);
                CHECK(std::none_of(parts.begin(), parts.end(), is_blank));
                CHECK(largest(parts) <= 64);
            }
            const auto parts = split(text);
            REQUIRE(parts.size() == 2);
            CHECK(parts[0].starts_with("first"));
            CHECK(parts[1].find("second") != std::string::npos);
        }
    }

    TEST_CASE("spaces that fit beside something visible stay, byte for byte") {
        const auto text = std::string(40, ' ') + "a" + std::string(40, '\n') + "b\n";
        CHECK(joined(split(text)) == text);
    }

    TEST_CASE("a single part that is left gets no number") {
        CHECK(split_text("only this" + std::string(300, '\n'), 64, PartNumbers::shown).size() == 1);
        CHECK(split_text("only this" + std::string(300, '\n'), 64, PartNumbers::shown)
                  .front()
                  .starts_with("only this"));
    }

    TEST_CASE("blank is what shows nothing, whatever its bytes") {
        for (const auto* blank : {"", " \t\r\n", "\u3000\u2003", "\u200b\ufeff\u2060", "\u2028"}) {
            CHECK(is_blank(blank));
        }
        for (const auto* visible : {".", " x", "\u3002", "\u0301", "\xff", "\U0001f44d"}) {
            CHECK_FALSE(is_blank(visible));
        }
    }

    TEST_CASE("numbers are shown from two parts on and count against the limit") {
        const auto parts = split_text(std::string(100, 'x'), 64, PartNumbers::shown);
        CHECK(parts == Parts{"(1/2)\n" + std::string(58, 'x'), "(2/2)\n" + std::string(42, 'x')});
    }

    TEST_CASE("numbers of two, three and four digits fit as well") {
        for (const std::size_t bytes : {9 * 58U, 9 * 58U + 1, 5'000U, 5'149U, 50'000U, 500'000U}) {
            CAPTURE(bytes);
            const std::string text(bytes, 'x');
            const auto parts = split_text(text, 64, PartNumbers::shown);
            const auto count = std::to_string(parts.size());
            CHECK(largest(parts) <= 64);
            CHECK(joined_without_numbers(parts) == text);
            CHECK(parts.front().starts_with("(1/" + count + ")\n"));
            CHECK(parts.back().starts_with("(" + count + "/" + count + ")\n"));
        }
    }

    TEST_CASE("five thousand Chinese characters arrive whole, in parts that WeCom keeps whole") {
        const auto text = repeated("好", 5'000);
        const auto parts = split_text(text, 2048, PartNumbers::none);
        CHECK(parts.size() == 8);
        CHECK(largest(parts) <= 2048);
        CHECK(joined(parts) == text);
    }

    TEST_CASE("random texts keep every byte, every limit, every character and every cluster") {
        std::mt19937 random(20'240'229);
        for (int round = 0; round < 400; ++round) {
            CAPTURE(round);
            const auto known = random_text(random, random() % 400);
            const auto bytes_max = 64 + random() % 200;
            const auto parts = split(known.text, bytes_max);
            CHECK(joined(parts) == known.text);
            CHECK(largest(parts) <= bytes_max);
            CHECK(std::all_of(parts.begin(), parts.end(), is_utf8));
            CHECK(cuts_only_at(known.boundaries, parts));
            const auto numbered = split_text(known.text, bytes_max, PartNumbers::shown);
            CHECK(largest(numbered) <= bytes_max);
            if (numbered.size() > 1) {
                CHECK(joined_without_numbers(numbered) == known.text);
            }
        }
    }

    TEST_CASE("random bytes keep every byte and every limit") {
        std::mt19937 random(7);
        for (int round = 0; round < 200; ++round) {
            std::string bytes(random() % 1'000, '\0');
            std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
            const auto parts = split(bytes);
            CHECK(show_all_of(bytes, parts));
            CHECK(largest(parts) <= 64);
        }
    }

    // The figure is in tests/bench. Here only: a megabyte of the least friendly text is no trap.
    TEST_CASE("a megabyte is split in linear time") {
        for (const auto& text :
             {repeated("\u0301", 500'000), std::string(1'000'000, '\n'), repeated("🇨🇳", 125'000),
              std::string(1'000'000, ' '), repeated("好", 333'333)}) {
            const auto begin = std::chrono::steady_clock::now();
            const auto parts = split_text(text, 2048, PartNumbers::shown);
            CHECK(parts.size() < 1'000);
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
        }
    }

    TEST_CASE("a cleaned text has no control characters but tab and newline") {
        CHECK(clean_text("a\x01"
                         "b\tc\nd\x1b[0m\x7f") == "ab\tc\nd[0m\x7f");
        CHECK(clean_text(std::string_view("a\0b", 3)) == "ab");
        CHECK(clean_text("好的 👍") == "好的 👍");
        CHECK(clean_text("").empty());
    }

    TEST_CASE("line ends of Windows and of old Macs become newlines") {
        CHECK(clean_text("a\r\nb\rc\n\rd\r") == "a\nb\nc\n\nd\n");
    }

    TEST_CASE("each broken character becomes one replacement character") {
        CHECK(clean_text("a\xff"
                         "b") ==
              "a\ufffd"
              "b");
        CHECK(clean_text("a\xe4\xbd"
                         "b") ==
              "a\ufffd"
              "b");
        CHECK(clean_text("\xe4\xbd") == "\ufffd");
        CHECK(clean_text("\xc0\xaf\xed\xa0\x80") == "\ufffd\ufffd");
        CHECK(clean_text("\xff\xe4\xbd\xa0") == "\ufffd你");
    }
}
