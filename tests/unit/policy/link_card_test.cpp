#include "policy/link_card.hpp"

#include <doctest/doctest.h>

#include <string>

namespace hermes::wecom {
namespace {

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

std::optional<LinkCard> link_in(std::string_view text) {
    return link_card_of(text, [](std::string_view markdown) { return std::string(markdown); });
}

TEST_SUITE("policy/link card") {
    TEST_CASE("one link and words on it are a card") {
        const auto card = link_in("\n [The report](https://example.com/r?a=1) \n\nIt has grown.\n");
        REQUIRE(card);
        CHECK(card->title == "The report");
        CHECK(card->url == "https://example.com/r?a=1");
        CHECK(card->words == "It has grown.");
    }

    TEST_CASE("a link without words says where it leads") {
        const auto card = link_in("[报告](http://intra.example:8080/r)");
        REQUIRE(card);
        CHECK(card->words == "intra.example:8080");
    }

    TEST_CASE("an address may hold brackets, as Wikipedia's do") {
        const auto card = link_in("[Fork](https://en.wikipedia.org/wiki/Fork_(software))");
        REQUIRE(card);
        CHECK(card->url == "https://en.wikipedia.org/wiki/Fork_(software)");
    }

    TEST_CASE("what stands behind the link is no part of its address") {
        for (const auto* text :
             {"[周报](https://e.example/w)(第3周)", "[报告](https://e.example/r)，请看(内部)",
              "[a](https://e.example/b_(c)) (d)", "[a](https://e.example/(b)"}) {
            CAPTURE(text);
            CHECK_FALSE(link_in(text));
        }
    }

    TEST_CASE("an address with a blank, a control character or broken UTF-8 is none") {
        for (const std::string bad :
             {" ", "\t", "\r", "\x01", "\x1b", "\x7f", "\xff", "\xe6\x8a"}) {
            CAPTURE(bad);
            CHECK_FALSE(link_in("[a](https://e.example/" + bad + "x)"));
        }
        CHECK(link_in("[a](https://e.example/报告)"));
    }

    TEST_CASE("an address that Markdown reads as another one is no card") {
        for (const auto* text :
             {"[a](https://e.example/r?a=1&amp;b=2)", "[a](https://e.example/r?q=&#38;b)",
              "[a](https://e.example/weekly\\_report)", "[a](https://e.example/\\)x\\()"}) {
            CAPTURE(text);
            CHECK_FALSE(link_in(text));
        }
        CHECK(link_in("[a](https://e.example/r?a=1&b=2)"));
        CHECK(link_in("[a](https://e.example/r?a=1&b=;2)"));
    }

    TEST_CASE("whatever a card would not show as it was meant is no card") {
        for (const auto* text :
             {"", "hello", "[a](b)", "[a](ftp://example.com)", "[](https://example.com)",
              "[a](https://)", "see [a](https://example.com)", "[a](https://example.com) now",
              "[a](https://one.example) [b](https://two.example)",
              "[a](https://example.com)\nand [b](https://example.com)",
              "[a](https://example.com)\nand https://example.com",
              "[a](https://example.com)\n1 < 2", "[a](https://exa mple.com)",
              "[a](https://example.com/\"x\")", "hello\n[a](https://example.com)",
              "![a](https://example.com/a.png)", "[[a]](https://example.com)"}) {
            CAPTURE(text);
            CHECK_FALSE(link_in(text));
        }
    }

    TEST_CASE("what WeCom would cut off is no card, and a character is no byte") {
        const auto link = [](const std::string& title, const std::string& path,
                             const std::string& words) {
            return link_in('[' + title + "](https://x.cn/" + path + ")\n" + words);
        };
        CHECK(link(repeated("报", 128), "", repeated("告", 512)));
        CHECK_FALSE(link(repeated("报", 129), "", ""));
        CHECK_FALSE(link("a", "", repeated("告", 513)));
        const std::string base = "https://x.cn/";
        CHECK(link("a", repeated("p", card_url_bytes_max - base.size()), ""));
        CHECK_FALSE(link("a", repeated("p", card_url_bytes_max - base.size() + 1), ""));
    }

    TEST_CASE("what counts of title and words is how they are shown") {
        const auto grown = [](std::string_view markdown) {
            return repeated(std::string(markdown), 2);
        };
        const std::string link = "[a](https://x.cn/)\n";
        CHECK(link_card_of(link + repeated("w", 256), grown)->words == repeated("w", 512));
        CHECK_FALSE(link_card_of(link + repeated("w", 257), grown));
        CHECK_FALSE(link_card_of('[' + repeated("t", 65) + "](https://x.cn/)", grown));
        const auto opened = [](std::string_view) { return std::string("a < b"); };
        CHECK_FALSE(link_card_of(link + "a &lt; b", opened));
        const auto vanished = [](std::string_view) { return std::string(" "); };
        CHECK_FALSE(link_card_of(link, vanished));
    }
}

}  // namespace
}  // namespace hermes::wecom
