// The lines of a document, and what stands before its text on each of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/markdown_tree.hpp"

namespace hermes::text {

constexpr bool is_indentation(char c) noexcept {
    return c == ' ' || c == '\t';
}

// All that may stand before a list's item or a quote on its line, and little else.
constexpr bool may_open_blocks(char c) noexcept {
    return is_indentation(c) || c == '>' || (c >= ')' && c <= '9');
}

// Where a block begins and ends. Lines count from 1, columns from 0, in bytes.
struct BlockPlace {
    std::size_t first_line;
    std::size_t column;
    std::size_t last_line;  // that is not blank
};

// A list's item whose marker is on `line`.
struct ListItem {
    std::size_t line;
    std::size_t column;
    bool bulleted;
};

class MarkdownLines {
public:
    explicit MarkdownLines(std::string_view text);

    std::size_t count() const noexcept { return lines_.size(); }
    std::string_view line(std::size_t number) const noexcept;  // empty if there is none
    std::string_view line_from(std::size_t number, std::size_t column) const noexcept;
    bool is_blank(std::size_t number) const noexcept;      // but for quote marks
    bool is_fence(std::size_t number) const noexcept;      // and nothing else, as a closing one is
    bool is_underline(std::size_t number) const noexcept;  // of a heading

    BlockPlace place_of(cmark_node* block) const noexcept;

    // What stands before a block on its first line: indentation, quote marks and list markers, the
    // bullets among these as `•`. `items` are the items that are open, outermost first.
    std::string lead(std::size_t number, std::size_t column,
                     const std::vector<ListItem>& items) const;
    // What stands before the text on a further line inside that many quotes.
    std::string_view continuation(std::size_t number, std::size_t quotes_open) const noexcept;

private:
    std::vector<std::string_view> lines_;
};

// The text without white space at its end.
std::string_view without_trailing_space(std::string_view text) noexcept;

// True for indentation and quote marks alone.
bool is_blank_line(std::string_view line) noexcept;

}  // namespace hermes::text
