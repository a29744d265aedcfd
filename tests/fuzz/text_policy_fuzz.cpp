// What an agent writes, which may be what a member made it write. The first byte sets the limit.
#include <algorithm>
#include <string>

#include "base/utf8.hpp"
#include "fuzz/property.hpp"
#include "policy/link_card.hpp"
#include "text/markdown.hpp"
#include "text/text_split.hpp"

using namespace hermes::text;
using hermes::base::is_utf8;
using hermes::test::property;

namespace {

void check_parts(const std::vector<std::string>& parts, std::size_t bytes_max, bool utf8) {
    for (const auto& part : parts) {
        property(!is_blank(part) && part.size() <= bytes_max, "a part fits its message");
        property(!utf8 || is_utf8(part), "a part of UTF-8 is UTF-8");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::size_t bytes_max = part_bytes_min + data[0];
    const auto text = hermes::test::text_of(data + 1, size - 1);
    const bool utf8 = is_utf8(text);

    const auto plain_parts = split_text(text, bytes_max, PartNumbers::none);
    std::size_t begin = 0;
    for (const auto& part : plain_parts) {
        const auto found = text.find(part, begin);
        property(found != text.npos && is_blank(text.substr(begin, found - begin)),
                 "joined parts are the text, but for blank ones");
        begin = found + part.size();
    }
    property(is_blank(text.substr(begin)), "nothing visible is lost at the end");
    check_parts(plain_parts, bytes_max, utf8);
    check_parts(split_text(text, bytes_max, PartNumbers::shown), bytes_max, utf8);
    check_parts(markdown_parts(text, bytes_max, PartNumbers::none), bytes_max, utf8);
    check_parts(markdown_parts(text, bytes_max, PartNumbers::shown), bytes_max, utf8);
    check_parts(text_parts(text, bytes_max, PartNumbers::none), bytes_max, utf8);
    check_parts(text_parts(text, bytes_max, PartNumbers::shown), bytes_max, utf8);
    property(!utf8 || is_utf8(markdown_to_text(text)), "plain text of UTF-8 is UTF-8");

    const auto clean = clean_text(text);
    property(is_utf8(clean), "a clean text is UTF-8");
    property(std::all_of(clean.begin(), clean.end(),
                         [](char c) {
                             return static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n';
                         }),
             "a clean text has no control characters");
    property(clean_text(clean) == clean, "a clean text is clean");
    if (const auto card = hermes::wecom::link_card_of(text, clean_markdown_to_text)) {
        property(text.find("](" + card->url + ')') != text.npos,
                 "a card leads where the text does");
        property(clean_text(card->url) == card->url, "an address is clean");
        property(!card->title.empty() && !card->words.empty(), "a card has all that it needs");
    }
    return 0;
}
