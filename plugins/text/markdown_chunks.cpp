#include "text/markdown_chunks.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "text/markdown_lines.hpp"
#include "text/markdown_source.hpp"
#include "text/markdown_tree.hpp"
#include "text/text_cut.hpp"

namespace hermes::text {
namespace {

// A line's fence: ``` or ~~~, or more of them.
struct Fence {
    std::string_view lead;  // what stands before it
    std::string_view mark;
    std::string_view info;
};

template <typename MayLead>
std::optional<Fence> find_fence(std::string_view line, MayLead may_lead) {
    const auto begin = std::find_if_not(line.begin(), line.end(), may_lead);
    const auto lead = static_cast<std::size_t>(begin - line.begin());
    const auto rest = line.substr(lead);
    if (!rest.starts_with("```") && !rest.starts_with("~~~")) {
        return std::nullopt;
    }
    const auto length = std::min(rest.find_first_not_of(rest.front()), rest.size());
    return Fence{line.substr(0, lead), rest.substr(0, length), rest.substr(length)};
}

bool has_text(std::string_view line) noexcept {
    return std::ranges::any_of(line,
                               [](char c) { return !is_indentation(c) && c != '\n' && c != '\r'; });
}

bool is_quoted(std::string_view lead) noexcept {
    return lead.find('>') != std::string_view::npos;
}

std::size_t line_end(std::string_view text, std::size_t begin) noexcept {
    const auto newline = text.find('\n', begin);
    return newline == std::string_view::npos ? text.size() : newline + 1;
}

// To cmark a CR ends a line as well.
bool is_one_line(std::string_view line) noexcept {
    return std::min(line.find('\r'), line.size()) + 2 >= line.size();
}

std::size_t column_behind(std::string_view lead) noexcept {
    constexpr std::size_t tab_columns = 4;
    std::size_t count = 0;
    for (const char c : lead) {
        count += c == '\t' ? tab_columns - count % tab_columns : 1;
    }
    return count;
}

std::optional<Fence> opening_fence(std::string_view line) {
    const auto fence = find_fence(line, may_open_blocks);
    if (!fence || (fence->mark.front() == '`' && fence->info.find('`') != std::string_view::npos)) {
        return std::nullopt;
    }
    const bool apart =
        fence->lead.empty() || is_indentation(fence->lead.back()) || fence->lead.back() == '>';
    return apart ? fence : std::nullopt;
}

// `column`: where the text begins that the open fence is in, at the most.
bool closes_fence(const Fence& fence, std::string_view open_mark, std::size_t column) noexcept {
    constexpr std::size_t indentation_max = 3;  // CommonMark 0.29, section 4.5
    return fence.mark.starts_with(open_mark) && !has_text(fence.info) &&
           column_behind(fence.lead) <= column + indentation_max;
}

// The fence that is open behind a line, as far as single lines can tell: there is none in a comment
// or in indented code, and a quote or a list ends its fence with itself.
std::optional<Fence> open_behind(std::string_view line, const std::optional<Fence>& open) {
    if (!open) {
        return opening_fence(line);
    }
    const bool quoted = is_quoted(open->lead);
    const auto fence =
        find_fence(line, [quoted](char c) { return is_indentation(c) || (quoted && c == '>'); });
    return fence && closes_fence(*fence, open->mark, column_behind(open->lead)) ? std::nullopt
                                                                                : open;
}

struct OpenCode {
    std::string mark;
    std::size_t column;  // where its lines begin, or more to the right
};

// The fenced code that whole lines end in, as cmark sees it. Not if it is in a quote.
std::optional<OpenCode> open_code(std::string_view text) {
    const auto source = protect_literals(text);
    const MarkdownLines lines(source);
    const auto tree = parse_tree(source);
    auto* block = tree.get();
    while (auto* child = cmark_node_last_child(block)) {
        block = child;
    }
    int length = 0;
    int offset = 0;
    char character = 0;
    if (cmark_node_get_fenced(block, &length, &offset, &character) == 0) {
        return std::nullopt;
    }
    const auto place = lines.place_of(block);
    const auto lead = lines.line(place.first_line).substr(0, place.column);
    const auto code = text_or_empty(cmark_node_get_literal(block));
    const auto code_lines = static_cast<std::size_t>(std::ranges::count(code, '\n'));
    if (place.first_line + code_lines + 1 != lines.count() || is_quoted(lead)) {
        return std::nullopt;
    }
    return OpenCode{std::string(static_cast<std::size_t>(length), character),
                    column_behind(lead) - static_cast<std::size_t>(offset)};
}

// `column`: where the list's text begins, 0 without a list.
bool ends_list(std::string_view line, std::size_t column) noexcept {
    if (column == 0) {
        return false;
    }
    const auto lead = line.substr(0, line.find_first_not_of(" \t"));
    return has_text(line) && column_behind(lead) < column;
}

// Where fenced code ends that is open at `begin`, if cmark sees it too: cmark's time is linear
// there.
std::size_t code_end(std::string_view text, std::size_t begin) {
    const auto code = open_code(text.substr(0, begin));
    while (code && begin < text.size()) {
        const auto end = line_end(text, begin);
        const auto line = text.substr(begin, end - begin);
        if (ends_list(line, code->column) || !is_one_line(line)) {
            break;
        }
        begin = end;
        const auto fence = find_fence(line, is_indentation);
        if (fence && closes_fence(*fence, code->mark, code->column)) {
            break;
        }
    }
    return begin;
}

std::size_t chunk_end(std::string_view text) {
    const auto window = text.substr(0, stretched_chunk_bytes + 1);
    std::optional<Fence> open;
    std::size_t begin = 0;
    while (begin < window.size()) {
        const auto end = line_end(window, begin);
        const auto line = window.substr(begin, end - begin);
        if (end > stretched_chunk_bytes) {
            return open        ? code_end(text, begin)
                   : begin > 0 ? begin
                               : best_cut(text, 0, stretched_chunk_bytes);
        }
        const bool was_open = open.has_value();
        open = open_behind(line, open);
        const bool parts_document = (was_open || !has_text(line)) && !open;
        if (parts_document && end >= markdown_chunk_bytes) {
            return end;
        }
        begin = end;
    }
    return text.size();
}

}  // namespace

std::vector<std::string_view> markdown_chunks(std::string_view markdown) {
    std::vector<std::string_view> chunks;
    while (!markdown.empty()) {
        const auto chunk = markdown.substr(0, chunk_end(markdown));
        chunks.push_back(chunk);
        markdown.remove_prefix(chunk.size());
    }
    return chunks;
}

}  // namespace hermes::text
