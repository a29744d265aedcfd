#include "text/markdown_chunks.hpp"

#include <algorithm>

#include "text/text_cut.hpp"

namespace hermes::text {
namespace {

// How far a chunk may grow in search of a blank line. Fenced code is not parted: its worst case is
// linear.
constexpr std::size_t stretched_bytes_max = 2 * markdown_chunk_bytes;

class FenceWatch {
public:
    void pass(std::string_view line) noexcept {
        line.remove_prefix(std::min(line.find_first_not_of(" \t>-*+"), line.size()));
        const char mark = line.empty() ? '\0' : line.front();
        if (mark != '`' && mark != '~') {
            return;
        }
        const auto length = std::min(line.find_first_not_of(mark), line.size());
        const auto rest = line.substr(length);
        if (open_length_ == 0) {
            const bool opens = length >= 3 && (mark == '~' || rest.find('`') == rest.npos);
            open_length_ = opens ? length : 0;
            open_mark_ = mark;
        } else if (mark == open_mark_ && length >= open_length_ &&
                   rest.find_first_not_of(" \t\r\n") == rest.npos) {
            open_length_ = 0;
        }
    }
    bool inside() const noexcept { return open_length_ > 0; }

private:
    std::size_t open_length_ = 0;
    char open_mark_ = '\0';
};

std::size_t chunk_end(std::string_view text) noexcept {
    FenceWatch fence;
    std::size_t line_begin = 0;
    while (line_begin < text.size()) {
        const auto newline = text.find('\n', line_begin);
        const auto line_end = newline == std::string_view::npos ? text.size() : newline + 1;
        const auto line = text.substr(line_begin, line_end - line_begin);
        const bool blank = line.find_first_not_of(" \t\r\n") == std::string_view::npos;
        const bool was_inside = fence.inside();
        fence.pass(line);
        const bool parts_document = (blank || was_inside) && !fence.inside();
        if (parts_document && line_end >= markdown_chunk_bytes) {
            return line_end;
        }
        if (!fence.inside() && line_end > stretched_bytes_max) {
            return line_begin > 0 ? line_begin : best_cut(text, 0, stretched_bytes_max);
        }
        line_begin = line_end;
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
