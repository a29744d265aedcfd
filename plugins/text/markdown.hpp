// An agent's CommonMark, made fit for members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_split.hpp"

namespace hermes::text {

// Readable plain text, for `reply_format: text`: headings as lines, emphasis without its marks,
// bullets as `•`, numbers kept, quotes with `> `, links as `text (url)`, code verbatim, tables as
// aligned rows. Plain text passes through unchanged but for its line ends: arithmetic (2*3*4),
// names (__init__), paths, placeholders (<name>) and reference definitions are not taken for marks.
// `~~` stays, as a reader must see what no longer holds. Time is linear, whatever comes: lists and
// quotes that are nested beyond column 64 stay as they are.
std::string markdown_to_text(std::string_view markdown);
// Of Markdown from anywhere, as clean_text leaves it; once more behind it, since Markdown writes
// any character as a number (`&#7;`).
std::string clean_markdown_to_text(std::string_view markdown);

// The same in parts of at most `bytes_max` bytes, as split_text makes them, but that a table which
// is cut has its header again in the next part.
std::vector<std::string> text_parts(std::string_view markdown, std::size_t bytes_max,
                                    PartNumbers numbers);

// WeCom's subset (doc 90236: headings, bold, links, inline code, quotes, three font colours) from
// CommonMark, split into parts of at most `bytes_max`, each valid by itself: a fenced block that is
// cut is closed in one part and opened again in the next, and a table has its header again; what is
// bold, a link, code or coloured and too long to stay whole loses its marks.
std::vector<std::string> markdown_parts(std::string_view markdown, std::size_t bytes_max,
                                        PartNumbers numbers);

}  // namespace hermes::text
