#include "text/markdown.hpp"

#include <iterator>
#include <utility>

#include "text/markdown_chunks.hpp"
#include "text/markdown_cut.hpp"
#include "text/markdown_font.hpp"
#include "text/markdown_render.hpp"
#include "text/text_split.hpp"

namespace hermes::text {
namespace {

void append(RenderedMarkdown& to, RenderedMarkdown chunk) {
    const auto shift = to.text.size();
    to.text += chunk.text;
    for (auto& atom : chunk.atoms) {
        atom.begin += shift;
        atom.end += shift;
    }
    for (auto& block : chunk.line_blocks) {
        block.begin += shift;
        block.content_begin += shift;
        block.content_end += shift;
        block.end += shift;
    }
    std::move(chunk.atoms.begin(), chunk.atoms.end(), std::back_inserter(to.atoms));
    std::move(chunk.line_blocks.begin(), chunk.line_blocks.end(),
              std::back_inserter(to.line_blocks));
}

RenderedMarkdown render(std::string_view markdown, MarkdownStyle style,
                        const RenderLimits& limits) {
    RenderedMarkdown rendered;
    for (const auto chunk : markdown_chunks(markdown)) {
        append(rendered, render_markdown(chunk, style, limits));
    }
    return rendered;
}

}  // namespace

std::string markdown_to_text(std::string_view markdown) {
    return render(markdown, MarkdownStyle::plain, {}).text;
}

std::string clean_markdown_to_text(std::string_view markdown) {
    return clean_text(markdown_to_text(clean_text(markdown)));
}

std::vector<std::string> text_parts(std::string_view markdown, std::size_t bytes_max,
                                    PartNumbers numbers) {
    const auto header_bytes_max = limits_for_parts(bytes_max).table_header_bytes_max;
    const auto rendered =
        render(markdown, MarkdownStyle::plain, {.table_header_bytes_max = header_bytes_max});
    return rendered.line_blocks.empty() ? split_text(rendered.text, bytes_max, numbers)
                                        : split_rendered(rendered, bytes_max, numbers);
}

std::vector<std::string> markdown_parts(std::string_view markdown, std::size_t bytes_max,
                                        PartNumbers numbers) {
    const auto limits = limits_for_parts(bytes_max);
    auto rendered = render(markdown, MarkdownStyle::wecom, limits);
    if (rendered.text.size() > bytes_max) {
        keep_fonts_whole(rendered, limits.atom_bytes_max);
    }
    return split_rendered(rendered, bytes_max, numbers);
}

}  // namespace hermes::text
