#include "policy/menu_texts.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

MenuTexts menu(const std::vector<std::string>& entries) {
    auto made = MenuTexts::from_entries(entries);
    REQUIRE(std::holds_alternative<MenuTexts>(made));
    return std::get<MenuTexts>(std::move(made));
}

std::string text(const MenuTexts& of, std::string_view key) {
    const auto* found = of.find(key);
    return found == nullptr ? "none" : *found;
}

TEST_SUITE_BEGIN("policy/menu_texts");

TEST_CASE("a key is worth the text that stands behind its first equals sign") {
    const auto texts = menu({"leave=I want leave", " pay = 2 + 2 = ? ", "新闻=今天有什么新闻？"});
    CHECK(text(texts, "leave") == "I want leave");
    CHECK(text(texts, "pay") == "2 + 2 = ?");
    CHECK(text(texts, "新闻") == "今天有什么新闻？");
    CHECK(text(texts, "Leave") == "none");
    CHECK(text(texts, "") == "none");
    CHECK(text(MenuTexts(), "leave") == "none");
}

TEST_CASE("the keys of a menu made in the console are known by their place") {
    const auto texts = menu({"#sendmsg#_0=news", "#sendmsg#_1_2=weather",
                             "#sendmsg#_0#7599827461=news of this one alone"});
    CHECK(text(texts, "#sendmsg#_0#7599001122") == "news");
    CHECK(text(texts, "#sendmsg#_0#7599827461") == "news of this one alone");
    CHECK(text(texts, "#sendmsg#_1_2#7599827461") == "weather");
    CHECK(text(texts, "#sendmsg#_1#7599827461") == "none");
    CHECK(text(texts, "#sendmsg#") == "none");
    CHECK(text(menu({"a=b"}), "a#1") == "none");  // no such key is the console's
}

TEST_CASE("what is no key with a text, or names one twice, is told by its place") {
    for (const std::string bad : {"", "leave", "leave=", "=text", " = ", "a=again"}) {
        CAPTURE(bad);
        const auto made = MenuTexts::from_entries({"a=b", bad});
        REQUIRE(std::holds_alternative<std::size_t>(made));
        CHECK(std::get<std::size_t>(made) == 1);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
