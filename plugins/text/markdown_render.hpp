// CommonMark, written anew for a reader: as plain text, or in the few marks that WeCom shows.
//
// What has no mark stays as it was, line by line: line ends, indentation, numbers and blank lines
// come from the source and not from the parsed tree, which has forgotten them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::text {

enum class MarkdownStyle {
    plain,  // no marks
    wecom,  // WeCom doc 90236: headings, bold, links, inline code, quotes; and fenced blocks
};

struct RenderLimits {
    std::size_t atom_bytes_max = 512;        // a longer bold, link or inline code loses its marks
    std::size_t fence_line_bytes_max = 256;  // a longer one loses its info string, or the marks
    std::size_t table_header_bytes_max = 0;  // a longer one stands above the first row alone
};

// A place that must not be cut: a bold, a link, an inline code, a coloured text.
struct Atom {
    std::size_t begin;
    std::size_t end;
};

// A fenced block, or a table under its header, which can be cut at its lines if it is closed and
// opened again.
struct LineBlock {
    std::size_t begin = 0;          // of the opening lines
    std::size_t content_begin = 0;  // of the first line of code, or row
    std::size_t content_end = 0;    // after the last one, at the closing fence
    std::size_t end = 0;            // after the closing line
    std::string opening{};          // with its line end
    std::string closing{};          // of a table empty
};

struct RenderedMarkdown {
    std::string text;
    // In the order of the text, none inside another.
    std::vector<Atom> atoms;
    std::vector<LineBlock> line_blocks;
};

// Meant for texts of up to some 64 KB, as CommonMark's worst cases grow with the square.
RenderedMarkdown render_markdown(std::string_view markdown, MarkdownStyle style,
                                 const RenderLimits& limits);

}  // namespace hermes::text
