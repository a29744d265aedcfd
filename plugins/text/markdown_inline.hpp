// What is inside a paragraph, a heading or a table's cell: text and its marks.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "text/markdown_render.hpp"
#include "text/markdown_tree.hpp"

namespace hermes::text {

class InlineWriter {
public:
    // `line_break` writes a line end and what the next line begins with.
    using LineBreak = std::function<void()>;

    InlineWriter(RenderedMarkdown& out, MarkdownStyle style, RenderLimits limits,
                 LineBreak line_break);

    void enter(cmark_node* node);
    void leave(cmark_node* node);

private:
    void code(std::string_view text);
    void html(std::string_view text);
    void leave_strong();
    void leave_link(cmark_node* node);
    void write_target(std::size_t begin, const std::string& url);
    void drop_strong_mark();
    void add_atom(std::size_t begin);
    bool is_atom_size(std::size_t begin) const noexcept;

    RenderedMarkdown& out_;
    MarkdownStyle style_;
    RenderLimits limits_;
    LineBreak line_break_;
    std::vector<std::size_t> link_begins_;  // of links and images that are open
    std::size_t strong_begin_ = 0;
    std::size_t strong_open_ = 0;  // bold inside bold is bold
};

// Parses a text that is no block of its own and writes it.
void write_inlines(std::string_view markdown, InlineWriter& writer);

// A table's cell as plain text in one line.
std::string plain_cell(std::string_view markdown);

}  // namespace hermes::text
