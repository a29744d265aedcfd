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
};

// A place that must not be cut: a bold, a link, an inline code.
struct Atom {
    std::size_t begin;
    std::size_t end;
};

// A fenced block, which can be cut at its lines if it is closed and opened again.
struct FencedBlock {
    std::size_t begin;          // of the opening line
    std::size_t content_begin;  // of the first line of code
    std::size_t content_end;    // after the last line of code, at the closing fence
    std::size_t end;            // after the closing line
    std::string opening;        // with its line end
    std::string closing;
};

struct RenderedMarkdown {
    std::string text;
    // In the order of the text, none inside another.
    std::vector<Atom> atoms;
    std::vector<FencedBlock> fenced_blocks;
};

// Meant for texts of up to some 64 KB, as CommonMark's worst cases grow with the square.
RenderedMarkdown render_markdown(std::string_view markdown, MarkdownStyle style,
                                 const RenderLimits& limits);

}  // namespace hermes::text
