// Tables as GitHub's Markdown has them, found in the lines of a paragraph.
//
// Not by cmark-gfm's own extension: Debian's version fills up rows in quadratic space, so that 16
// KB of `x|x|x` took 10 s and gigabytes (CVE-2023-22486 and its like). And it keeps a process-wide
// registry, which a library that is unloaded again should not leave behind.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::text {

inline constexpr std::size_t table_columns_max = 64;  // a wider one stays as it was written

using TableRow = std::vector<std::string>;

// The line of the header: one with `|` before a delimiter row of as many cells.
std::optional<std::size_t> find_table(const std::vector<std::string_view>& lines);

// The cells of a line, without the space around them; `\|` is a `|`.
TableRow split_row(std::string_view line);

// One line for each row and one below the header: columns aligned while that fits a phone.
std::vector<std::string> format_table(const std::vector<TableRow>& rows);

}  // namespace hermes::text
