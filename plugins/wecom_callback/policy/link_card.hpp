// An answer that is one link and words on it, which WeCom shows as a card: `textcard`, WeCom doc
// 90236. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::wecom {

// WeCom doc 90236, in characters but for the address; what is longer is cut.
inline constexpr std::size_t card_title_characters_max = 128;
inline constexpr std::size_t card_words_characters_max = 512;
inline constexpr std::size_t card_url_bytes_max = 2048;

// As it is shown: without what Markdown adds. Nothing of it is blank.
struct LinkCard {
    std::string title;
    std::string words;  // the address's host where there are none
    std::string url;
};

// Of a text whose first line is `[title](address)` and nothing else, and which holds no other link.
// Nothing for one that a card could not show whole. `shown` says how Markdown looks there: a table
// grows by it, and `&lt;` becomes what it stands for.
std::optional<LinkCard> link_card_of(std::string_view text,
                                     std::string (*shown)(std::string_view markdown));

}  // namespace hermes::wecom
