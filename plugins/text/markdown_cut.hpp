// Splitting rendered Markdown into parts that are valid by themselves.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "text/markdown_render.hpp"
#include "text/text_split.hpp"

namespace hermes::text {

// What render_markdown must keep to so that parts of `bytes_max` can be cut.
RenderLimits limits_for_parts(std::size_t bytes_max) noexcept;

// As split_text, but no atom is cut, and a fenced block that is cut is closed in one part and
// opened again in the next.
std::vector<std::string> split_rendered(const RenderedMarkdown& rendered, std::size_t bytes_max,
                                        PartNumbers numbers);

}  // namespace hermes::text
