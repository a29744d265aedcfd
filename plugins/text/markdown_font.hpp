// WeCom's coloured text: `<font color="info">...</font>`.
#pragma once

#include <cstddef>

#include "text/markdown_render.hpp"

namespace hermes::text {

// Makes an atom of each coloured text. One that is longer than an atom may be, or has a fenced
// block or several rows of a table in it, loses its tags.
void keep_fonts_whole(RenderedMarkdown& rendered, std::size_t atom_bytes_max);

}  // namespace hermes::text
