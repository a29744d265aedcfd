#include "text/markdown_lines.hpp"

#include <algorithm>
#include <iterator>

namespace hermes::text {
namespace {

constexpr std::string_view indentation = " \t";
constexpr std::string_view indentation_and_quotes = " \t>";
constexpr std::string_view bullet = "•";

std::size_t at_least(int value, std::size_t least) noexcept {
    return value < 0 ? least : std::max(static_cast<std::size_t>(value), least);
}

std::string_view without_lead_and_trail(std::string_view line) noexcept {
    line.remove_prefix(std::min(line.find_first_not_of(indentation_and_quotes), line.size()));
    return without_trailing_space(line);
}

bool is_run_of(char c, std::string_view text) noexcept {
    return text.find_first_not_of(c) == std::string_view::npos;
}

}  // namespace

MarkdownLines::MarkdownLines(std::string_view text) {
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines_.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    lines_.push_back(text);
}

std::string_view MarkdownLines::line(std::size_t number) const noexcept {
    return number >= 1 && number <= lines_.size() ? lines_[number - 1] : std::string_view{};
}

std::string_view MarkdownLines::line_from(std::size_t number, std::size_t column) const noexcept {
    const auto text = line(number);
    return text.substr(std::min(column, text.size()));
}

bool MarkdownLines::is_blank(std::size_t number) const noexcept {
    return is_blank_line(line(number));
}

bool MarkdownLines::is_fence(std::size_t number) const noexcept {
    constexpr std::size_t fence_length_min = 3;  // CommonMark 0.29, section 4.5
    const auto text = without_lead_and_trail(line(number));
    return text.size() >= fence_length_min && (is_run_of('`', text) || is_run_of('~', text));
}

bool MarkdownLines::is_underline(std::size_t number) const noexcept {
    const auto text = without_lead_and_trail(line(number));
    return !text.empty() && (is_run_of('=', text) || is_run_of('-', text));
}

BlockPlace MarkdownLines::place_of(cmark_node* block) const noexcept {
    BlockPlace place{.first_line = at_least(cmark_node_get_start_line(block), 1),
                     .column = at_least(cmark_node_get_start_column(block), 1) - 1,
                     .last_line = 0};
    place.last_line = std::min(at_least(cmark_node_get_end_line(block), place.first_line), count());
    // cmark counts the blank lines behind some blocks to them.
    while (place.last_line > place.first_line && is_blank(place.last_line)) {
        --place.last_line;
    }
    return place;
}

std::string MarkdownLines::lead(std::size_t number, std::size_t column,
                                const std::vector<ListItem>& items) const {
    const auto text = line(number).substr(0, column);
    auto item = items.end();
    while (item != items.begin() && std::prev(item)->line == number) {
        --item;
    }
    std::string lead;
    std::size_t copied = 0;
    for (; item != items.end(); ++item) {
        if (item->bulleted && item->column >= copied && item->column < text.size()) {
            lead += text.substr(copied, item->column - copied);
            lead += bullet;
            copied = item->column + 1;
        }
    }
    return lead += text.substr(copied);
}

std::string_view MarkdownLines::continuation(std::size_t number,
                                             std::size_t quotes_open) const noexcept {
    const auto text = line(number);
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        if (text[end] == '>' && quotes_open > 0) {
            --quotes_open;
        } else if (indentation.find(text[end]) == std::string_view::npos) {
            break;
        }
    }
    return text.substr(0, end);
}

std::string_view without_trailing_space(std::string_view text) noexcept {
    return text.substr(0, text.find_last_not_of(indentation) + 1);
}

bool is_blank_line(std::string_view line) noexcept {
    return line.find_first_not_of(indentation_and_quotes) == std::string_view::npos;
}

}  // namespace hermes::text
