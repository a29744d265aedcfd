#include "text/markdown_render.hpp"

#include <algorithm>
#include <utility>

#include "text/markdown_inline.hpp"
#include "text/markdown_lines.hpp"
#include "text/markdown_source.hpp"
#include "text/markdown_table.hpp"
#include "text/markdown_tree.hpp"

namespace hermes::text {
namespace {

constexpr std::size_t header_lines = 2;  // of a table: its header and the rule below it

class BlockRenderer {
public:
    BlockRenderer(std::string_view source, MarkdownStyle style, const RenderLimits& limits)
        : source_(source),
          lines_(source),
          style_(style),
          limits_(limits),
          inline_writer_(out_, style, limits, [this] { break_line(); }) {}

    RenderedMarkdown run() && {
        const auto tree = parse_tree(source_);
        const MarkdownWalk walk(cmark_iter_new(tree.get()));
        for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
             event = cmark_iter_next(walk.get())) {
            auto* node = cmark_iter_get_node(walk.get());
            if (event == CMARK_EVENT_EXIT) {
                leave(node);
            } else if (enter(node) == Inside::written) {
                cmark_iter_reset(walk.get(), node, CMARK_EVENT_EXIT);
            }
        }
        write_blank_lines_before(lines_.count() + 1);
        return std::move(out_);
    }

private:
    enum class Inside { to_be_walked, written };

    Inside enter(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_BLOCK_QUOTE:
                ++quotes_open_;
                break;
            case CMARK_NODE_ITEM:
                enter_item(node);
                break;
            case CMARK_NODE_PARAGRAPH:
                return enter_paragraph(node);
            case CMARK_NODE_HEADING:
                enter_heading(node);
                break;
            case CMARK_NODE_CODE_BLOCK:
                write_code_block(node);
                break;
            case CMARK_NODE_HTML_BLOCK:
                write_verbatim(node, newlines_in_literal(node));
                break;
            case CMARK_NODE_THEMATIC_BREAK:
                write_verbatim(node, 1);
                break;
            default:
                inline_writer_.enter(node);
        }
        return Inside::to_be_walked;
    }

    void leave(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_BLOCK_QUOTE:
                --quotes_open_;
                break;
            case CMARK_NODE_ITEM:
                items_.pop_back();
                break;
            default:
                inline_writer_.leave(node);
        }
    }

    // --- lines ----------------------------------------------------------------------------------

    void begin_line(std::string_view lead) {
        out_.text += at_start_ ? "" : "\n";
        at_start_ = false;
        append_restored(out_.text, lead);
    }

    // From one line of a block to the next.
    void break_line() {
        ++current_line_;
        begin_line(lines_.continuation(current_line_, quotes_open_));
    }

    void write_blank_lines_before(std::size_t number) {
        for (; next_line_ < number; ++next_line_) {
            if (lines_.is_blank(next_line_)) {
                begin_line(without_trailing_space(lines_.line(next_line_)));
            }
        }
    }

    bool is_after_blank_line() const noexcept {
        const auto newline = out_.text.rfind('\n');
        const auto begin = newline == std::string::npos ? 0 : newline + 1;
        return is_blank_line(std::string_view(out_.text).substr(begin));
    }

    // Code that has lost its fences is set apart by blank lines instead.
    void set_apart(std::size_t number) {
        if (!at_start_ && !is_after_blank_line()) {
            begin_line(without_trailing_space(lines_.continuation(number, quotes_open_)));
        }
    }

    void begin_block(const BlockPlace& place) {
        write_blank_lines_before(place.first_line);
        if (std::exchange(after_bare_code_, false)) {
            set_apart(place.first_line);
        }
        current_line_ = place.first_line;
        next_line_ = place.last_line + 1;
    }

    std::string lead(const BlockPlace& place) const {
        return lines_.lead(place.first_line, place.column, items_);
    }

    // --- blocks ---------------------------------------------------------------------------------

    void enter_item(cmark_node* node) {
        auto place = lines_.place_of(node);
        const auto type = cmark_node_get_list_type(cmark_node_parent(node));
        items_.push_back({place.first_line, place.column, type == CMARK_BULLET_LIST});
        auto* content = cmark_node_first_child(node);
        if (content == nullptr || lines_.place_of(content).first_line > place.first_line) {
            place.last_line = place.first_line;
            begin_block(place);
            const auto line = lines_.line(place.first_line);
            const auto marker_end = std::min(line.find_first_of(" \t", place.column), line.size());
            begin_line(lines_.lead(place.first_line, marker_end, items_));
        }
    }

    Inside enter_paragraph(cmark_node* node) {
        const auto place = lines_.place_of(node);
        begin_block(place);
        begin_line(lead(place));
        std::vector<std::string_view> content{lines_.line_from(place.first_line, place.column)};
        for (auto number = place.first_line + 1; number <= place.last_line; ++number) {
            const auto indent = lines_.continuation(number, quotes_open_).size();
            content.push_back(lines_.line_from(number, indent));
        }
        const auto table = find_table(content);
        if (!table) {
            return Inside::to_be_walked;
        }
        const auto split = content.begin() + static_cast<std::ptrdiff_t>(*table);
        write_text_before_table({content.begin(), split});
        current_line_ = place.first_line + *table;
        write_table({split, content.end()});
        return Inside::written;
    }

    void write_text_before_table(const std::vector<std::string_view>& content) {
        std::string text;
        for (const auto line : content) {
            text += text.empty() ? "" : "\n";
            // Without its indentation a line could pass for a list's item.
            text += text.empty() ? "" : invisible_letter;
            text += line;
        }
        if (!text.empty()) {
            write_inlines(text, inline_writer_);
            break_line();
        }
    }

    void write_table(const std::vector<std::string_view>& content) {
        std::vector<TableRow> rows;
        for (std::size_t i = 0; i < content.size(); ++i) {
            const bool delimiter_row = i == 1;
            if (!delimiter_row) {
                rows.push_back(split_row(content[i]));
                std::transform(rows.back().begin(), rows.back().end(), rows.back().begin(),
                               plain_cell);
            }
        }
        const auto lines = format_table(rows);
        LineBlock table;
        table.begin = out_.text.rfind('\n') + 1;  // its line has begun
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (i > 0) {
                break_line();
            }
            if (i == header_lines) {
                table.content_begin = out_.text.rfind('\n') + 1;
            }
            out_.text += lines[i];
        }
        table.content_end = table.end = out_.text.size();
        table.opening = out_.text.substr(table.begin, table.content_begin - table.begin);
        if (lines.size() > header_lines && table.opening.size() <= limits_.table_header_bytes_max) {
            out_.line_blocks.push_back(std::move(table));
        }
    }

    void enter_heading(cmark_node* node) {
        const auto place = lines_.place_of(node);
        begin_block(place);
        begin_line(lead(place));
        // WeCom knows no headings of several lines, and what agents underline with --- is often
        // meant to be a paragraph and a rule.
        const bool one_line = lines_.line_from(place.first_line, place.column).starts_with('#') ||
                              lines_.is_underline(place.first_line + 1);
        if (style_ == MarkdownStyle::wecom && one_line) {
            const auto level = static_cast<std::size_t>(cmark_node_get_heading_level(node));
            out_.text += std::string(level, '#') + ' ';
        }
    }

    static std::size_t newlines_in_literal(cmark_node* node) noexcept {
        const auto literal = text_or_empty(cmark_node_get_literal(node));
        return static_cast<std::size_t>(std::count(literal.begin(), literal.end(), '\n'));
    }

    // So many lines as they are in the source.
    void write_verbatim(cmark_node* node, std::size_t count) {
        auto place = lines_.place_of(node);
        place.last_line = place.first_line + std::max<std::size_t>(count, 1) - 1;
        begin_block(place);
        begin_line(lead(place));
        const auto first = lines_.line_from(place.first_line, place.column);
        append_restored(out_.text, without_trailing_space(first));
        write_lines(place.first_line + 1, place.last_line);
    }

    void write_lines(std::size_t first, std::size_t last) {
        for (auto number = first; number <= last; ++number) {
            begin_line(lines_.line(number));
        }
    }

    void write_code_block(cmark_node* node) {
        int length = 0;
        int offset = 0;
        char character = 0;
        if (cmark_node_get_fenced(node, &length, &offset, &character) == 0) {
            write_verbatim(node, newlines_in_literal(node));
            return;
        }
        auto place = lines_.place_of(node);
        const auto first = place.first_line + 1;
        const auto last = place.first_line + newlines_in_literal(node);
        place.last_line = lines_.is_fence(last + 1) ? last + 1 : last;
        begin_block(place);
        auto before_fence = lead(place);
        if (!is_blank_line(before_fence)) {  // a list marker gets a line of its own
            begin_line(without_trailing_space(before_fence));
            before_fence = lines_.continuation(first, quotes_open_);
        } else if (style_ == MarkdownStyle::plain) {
            set_apart(place.first_line);
        }
        LineBlock block;
        if (style_ == MarkdownStyle::plain || !make_fences(node, before_fence, block)) {
            write_lines(first, last);
            after_bare_code_ = true;
            return;
        }
        begin_line("");
        block.begin = out_.text.size();
        out_.text += without_trailing_newline(block.opening);
        block.content_begin = out_.text.size() + 1;
        write_lines(first, last);
        begin_line("");
        block.content_end = out_.text.size();
        out_.text += block.closing;
        block.end = out_.text.size();
        out_.line_blocks.push_back(std::move(block));
    }

    static std::string_view without_trailing_newline(std::string_view text) noexcept {
        return text.substr(0, text.size() - 1);
    }

    // False if no fence fits the limit.
    bool make_fences(cmark_node* node, const std::string& before_fence, LineBlock& block) const {
        int length = 0;
        int offset = 0;
        char character = 0;
        cmark_node_get_fenced(node, &length, &offset, &character);
        block.closing = before_fence + std::string(static_cast<std::size_t>(length), character);
        block.opening = block.closing;
        append_restored(block.opening, text_or_empty(cmark_node_get_fence_info(node)));
        if (block.opening.size() > limits_.fence_line_bytes_max) {
            block.opening = block.closing;
        }
        block.opening += '\n';
        return block.closing.size() <= limits_.fence_line_bytes_max;
    }

    std::string_view source_;
    MarkdownLines lines_;
    MarkdownStyle style_;
    RenderLimits limits_;
    RenderedMarkdown out_;
    InlineWriter inline_writer_;
    std::vector<ListItem> items_;
    std::size_t quotes_open_ = 0;
    std::size_t next_line_ = 1;     // of the source, not looked at yet
    std::size_t current_line_ = 1;  // of the source, being written
    bool at_start_ = true;
    bool after_bare_code_ = false;
};

}  // namespace

RenderedMarkdown render_markdown(std::string_view markdown, MarkdownStyle style,
                                 const RenderLimits& limits) {
    const auto source = protect_literals(markdown);
    return BlockRenderer(source, style, limits).run();
}

}  // namespace hermes::text
