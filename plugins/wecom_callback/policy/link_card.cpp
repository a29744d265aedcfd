#include "policy/link_card.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

bool is_cut(std::string_view text, std::size_t characters_max) {
    return base::utf8_characters_prefix(text, characters_max).size() < text.size();
}

std::string_view host_of(std::string_view url) {
    const auto host = url.substr(url.find("://") + 3);
    return host.substr(0, host.find_first_of("/?#"));
}

// Markdown ends an address at a bracket that closes more than was opened.
bool closes_what_it_opens(std::string_view url) {
    int open = 0;
    for (const char c : url) {
        open += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (open < 0) {
            return false;
        }
    }
    return open == 0;
}

// Nothing of an address is cleaned, as then it would be another one.
bool is_clean(std::string_view url) {
    return base::is_utf8(url) && std::ranges::none_of(url, [](char c) {
               return (c >= 0 && c <= ' ') || c == 0x7f || c == '<' || c == '>' || c == '"';
           });
}

// Markdown reads these as what they stand for: the link would lead elsewhere than it did.
bool has_escape(std::string_view url) {
    if (url.find('\\') != std::string_view::npos) {
        return true;
    }
    for (auto at = url.find('&'); at != std::string_view::npos; at = url.find('&', at + 1)) {
        const auto behind = url.substr(at + 1);
        const auto* end = std::ranges::find_if_not(
            behind, [](char c) { return c == '#' || base::is_letter_or_digit(c); });
        if (end != behind.begin() && end != behind.end() && *end == ';') {
            return true;
        }
    }
    return false;
}

bool is_address(std::string_view url) {
    return (url.starts_with("https://") || url.starts_with("http://")) && !host_of(url).empty() &&
           url.size() <= card_url_bytes_max && closes_what_it_opens(url) && is_clean(url) &&
           !has_escape(url);
}

}  // namespace

std::optional<LinkCard> link_card_of(std::string_view text,
                                     std::string (*shown)(std::string_view markdown)) {
    const auto whole = base::trim(text);
    const auto line = base::trim(whole.substr(0, whole.find('\n')));
    const auto words = base::trim(whole.substr(std::min(whole.find('\n'), whole.size())));
    const auto middle = line.find("](");
    if (!line.starts_with('[') || !line.ends_with(')') || middle == std::string_view::npos) {
        return std::nullopt;
    }
    const auto title = base::trim(line.substr(1, middle - 1));
    const auto url = line.substr(middle + 2, line.size() - middle - 3);
    const bool is_one_link = title.find_first_of("[]") == std::string_view::npos &&
                             url.find("](") == std::string_view::npos &&
                             words.find("](") == std::string_view::npos &&
                             words.find("://") == std::string_view::npos;
    if (!is_address(url) || !is_one_link) {
        return std::nullopt;
    }
    LinkCard card{shown(title), shown(words), std::string(url)};
    if (base::trim(card.words).empty()) {
        card.words = host_of(url);
    }
    // WeCom takes `<br>` and `<div class=...>` for what they say.
    const bool is_shown_as_it_is = (card.title + card.words).find('<') == std::string::npos;
    if (base::trim(card.title).empty() || !is_shown_as_it_is ||
        is_cut(card.title, card_title_characters_max) ||
        is_cut(card.words, card_words_characters_max)) {
        return std::nullopt;
    }
    return card;
}

}  // namespace hermes::wecom
