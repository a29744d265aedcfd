#include "protocol/menu.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

Menu menu(std::string_view text) {
    auto read = read_menu(text);
    if (const auto* problems = std::get_if<std::vector<std::string>>(&read)) {
        CAPTURE(problems->front());
        REQUIRE(problems->empty());
    }
    return std::get<Menu>(std::move(read));
}

std::vector<std::string> problems(std::string_view text) {
    auto read = read_menu(text);
    REQUIRE(std::holds_alternative<std::vector<std::string>>(read));
    return std::get<std::vector<std::string>>(std::move(read));
}

std::string problem(std::string_view text) {
    const auto all = problems(text);
    CHECK(all.size() == 1);
    return all.front();
}

// A menu of one button with these members.
std::string button(std::string_view members) {
    return R"({"button":[{)" + std::string(members) + "}]}";
}

TEST_SUITE_BEGIN("protocol/menu");

TEST_CASE("a menu of every type goes to WeCom as it is written") {
    const std::string text =
        R"({"button":[{"name":"请假","type":"click","key":"leave"},)"
        R"({"name":"More","sub_button":[)"
        R"({"name":"Web","type":"view","url":"https://example.com/?a=1"},)"
        R"({"name":"Scan","type":"scancode_push","key":"s1"},)"
        R"({"name":"Scan, ask","type":"scancode_waitmsg","key":"s2"},)"
        R"({"name":"Photo","type":"pic_sysphoto","key":"p1"},)"
        R"({"name":"Help","type":"click","key":"help"}]},)"
        R"({"name":"App","type":"view_miniprogram","appid":"wx1","pagepath":"index"}]})";
    CHECK(menu(text).request == text);
    CHECK(menu(text).keys == std::vector<std::string>{"leave", "help"});
}

TEST_CASE("what menu/get answers can be given back") {
    CHECK(menu(R"({"errcode":0,"errmsg":"ok","button":[{"type":"click","name":"A","key":"k",)"
               R"("sub_button":[]}]})")
              .request == R"({"button":[{"type":"click","name":"A","key":"k","sub_button":[]}]})");
}

TEST_CASE("a menu is shown a button a line, and reads as the same again") {
    const std::string shown =
        "{\"button\": [\n"
        "  {\"name\": \"A\", \"type\": \"click\", \"key\": \"k\\\"\"},\n"
        "  {\"name\": \"B\", \"sub_button\": [\n"
        "    {\"name\": \"C\", \"type\": \"view\", \"url\": \"https://x\"}\n"
        "  ]}\n"
        "]}";
    const auto request = menu(shown).request;
    CHECK(readable_menu(request) == shown);
    CHECK(menu(readable_menu(request)).request == request);
}

TEST_CASE("what is no menu is told as that") {
    CHECK(problem("").starts_with("the menu is not JSON"));
    CHECK(problem("button: []").starts_with("the menu is not JSON"));
    CHECK(problem("[]") == R"(the menu must be {"button": [...]})");
    CHECK(problem("{}") == R"(the menu must be {"button": [...]})");
    CHECK(problem(R"({"button": {}})") == "button must be a list of 1 to 3 buttons");
    CHECK(problem(R"({"button": []})") == "button must be a list of 1 to 3 buttons");
    CHECK(problem(R"({"button": [1]})") ==
          R"(button[0] must be a button, as {"name": "...", "type": "click", "key": "..."})");
    CHECK(problem(std::string(65 * 1024, ' ')) == "the menu has more than 64 KiB");
    CHECK(problem(std::string(60'000, '[')).starts_with("the menu is not JSON"));
}

TEST_CASE("each mistake has its place, and all are told at once") {
    CHECK(problems(R"({"button":[{"type":"click"},{"name":"N","type":"clik","key":"k"},)"
                   R"({"name":"M","sub_button":[{"name":"W","type":"view","url":"example.com"}]}],)"
                   R"("buttons":[]})") ==
          std::vector<std::string>{
              "buttons is nothing that a menu has", "button[0].name is missing",
              "button[0].key is missing",
              "button[1].type is `clik`: write one of click, view, scancode_push, "
              "scancode_waitmsg, pic_sysphoto, pic_photo_or_album, pic_weixin, location_select, "
              "view_miniprogram",
              "button[2].sub_button[0].url must begin with https:// or http://"});
}

TEST_CASE("the limits are WeCom's, in bytes, and one more is too many") {
    const auto leaf = [](std::size_t name, std::size_t key) {
        return R"("name":")" + std::string(name, 'n') + R"(","type":"click","key":")" +
               std::string(key, 'k') + '"';
    };
    CHECK(menu(button(leaf(16, 128))).keys.size() == 1);
    CHECK(problem(button(leaf(17, 1))) ==
          "button[0].name has 17 bytes, and WeCom takes 16 (a Chinese character has 3)");
    CHECK(problem(button(leaf(1, 129))).starts_with("button[0].key has 129 bytes"));
    const auto below = [&](std::size_t name) {
        return button(R"("name":"N","sub_button":[{)" + leaf(name, 1) + "}]");
    };
    CHECK(menu(below(40)).keys.size() == 1);
    CHECK(problem(below(41)).starts_with("button[0].sub_button[0].name has 41 bytes"));
    const auto url = [](std::size_t bytes) {
        const std::string start = "https://";
        return button(R"("name":"N","type":"view","url":")" + start +
                      std::string(bytes - start.size(), 'u') + '"');
    };
    CHECK(menu(url(1024)).keys.empty());
    CHECK(problem(url(1025)).starts_with("button[0].url has 1025 bytes"));
    const auto many = [&](std::size_t count, const std::string& one) {
        std::string list;
        for (std::size_t i = 0; i < count; ++i) {
            list += (i == 0 ? "{" : ",{") + one + '}';
        }
        return list;
    };
    CHECK(menu(R"({"button":[)" + many(3, leaf(1, 1)) + "]}").keys.size() == 3);
    CHECK(problem(R"({"button":[)" + many(4, leaf(1, 1)) + "]}") ==
          "button must be a list of 1 to 3 buttons");
    const auto row = [&](std::size_t count) {
        return button(R"("name":"N","sub_button":[)" + many(count, leaf(1, 1)) + ']');
    };
    CHECK(menu(row(5)).keys.size() == 5);
    CHECK(problem(row(6)) == "button[0].sub_button must be a list of 1 to 5 buttons");
}

TEST_CASE("a member of another type, or of another kind of button, is refused") {
    CHECK(problem(button(R"("name":1,"type":"click","key":"k")")) ==
          "button[0].name must be a text");
    CHECK(problem(button(R"("name":"","type":"click","key":"k")")) == "button[0].name is missing");
    CHECK(problem(button(R"("name":"N","type":"click","key":"k","url":"https://x")")) ==
          "button[0].url is nothing that such a button has");
    CHECK(problems(button(R"("name":"N","type":"click","key":"k",)"
                          R"("sub_button":[{"name":"N","type":"click","key":"k"}])")) ==
          std::vector<std::string>{"button[0].type is nothing that such a button has",
                                   "button[0].key is nothing that such a button has"});
    CHECK(problem(button(R"("name":"N","sub_button":[{"name":"N","sub_button":[{}]}])")) ==
          "button[0].sub_button[0].sub_button is too deep: a menu has two levels");
    CHECK(problem(button(R"("name":"N","sub_button":{})")) ==
          "button[0].sub_button must be a list of 1 to 5 buttons");
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
