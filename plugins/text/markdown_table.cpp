#include "text/markdown_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/ascii.hpp"
#include "text/code_point.hpp"

namespace hermes::text {
namespace {

constexpr std::string_view column_gap = " | ";
// What a phone shows in one line, about: wider rows wrap, and then padding only makes holes.
constexpr std::size_t aligned_width_max = 40;

bool is_delimiter_cell(std::string_view cell) noexcept {
    if (cell.starts_with(':')) {
        cell.remove_prefix(1);
    }
    if (cell.ends_with(':')) {
        cell.remove_suffix(1);
    }
    return !cell.empty() && cell.find_first_not_of('-') == std::string_view::npos;
}

// The number of columns that a delimiter row declares; 0 if it is none.
std::size_t delimiter_columns(std::string_view line) {
    if (line.find('|') == std::string_view::npos ||
        line.find_first_not_of("|:- \t") != std::string_view::npos) {
        return 0;
    }
    const auto cells = split_row(line);
    const bool valid = cells.size() <= table_columns_max &&
                       std::all_of(cells.begin(), cells.end(), is_delimiter_cell);
    return valid ? cells.size() : 0;
}

std::vector<std::size_t> column_widths(const std::vector<TableRow>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    return widths;
}

std::string without_trailing_space(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string aligned(const TableRow& row, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        line += i == 0 ? "" : column_gap;
        line += row[i];
        line.append(widths[i] - display_width(row[i]), ' ');
    }
    return without_trailing_space(std::move(line));
}

std::string unaligned(const TableRow& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        line += i == 0 ? "" : column_gap;
        line += row[i];
    }
    return without_trailing_space(std::move(line));
}

std::string rule(const std::vector<std::size_t>& widths) {
    std::string line;
    for (const auto width : widths) {
        line += line.empty() ? "" : "-+-";
        line.append(width, '-');
    }
    return line;
}

}  // namespace

std::optional<std::size_t> find_table(const std::vector<std::string_view>& lines) {
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        const auto columns = delimiter_columns(lines[i + 1]);
        if (columns > 0 && lines[i].find('|') != std::string_view::npos &&
            split_row(lines[i]).size() == columns) {
            return i;
        }
    }
    return std::nullopt;
}

TableRow split_row(std::string_view line) {
    line = base::trim(line);
    if (line.starts_with('|')) {
        line.remove_prefix(1);
    }
    TableRow cells;
    std::string cell;
    bool closed = false;  // by a `|`, so that nothing follows the last one
    for (std::size_t i = 0; i < line.size(); ++i) {
        closed = line[i] == '|';
        if (closed) {
            cells.emplace_back(base::trim(cell));
            cell.clear();
        } else if (line.substr(i, 2) == "\\|") {
            cell += '|';
            ++i;
        } else {
            cell += line[i];
        }
    }
    if (!closed) {
        cells.emplace_back(base::trim(cell));
    }
    return cells;
}

std::vector<std::string> format_table(const std::vector<TableRow>& rows) {
    const auto widths = column_widths(rows);
    const auto gaps = widths.empty() ? 0 : (widths.size() - 1) * column_gap.size();
    const bool fits = std::accumulate(widths.begin(), widths.end(), gaps) <= aligned_width_max;
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        lines.push_back(fits ? aligned(row, widths) : unaligned(row));
        if (lines.size() == 1) {
            lines.push_back(fits ? rule(widths) : "---");
        }
    }
    return lines;
}

}  // namespace hermes::text
