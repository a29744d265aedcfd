#include "text/markdown_cut.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "text/part_numbers.hpp"
#include "text/text_cut.hpp"

namespace hermes::text {
namespace {

// The last of `places`, which are in order, that begins before `position`.
template <typename Place>
const Place* last_before(const std::vector<Place>& places, std::size_t position) {
    const auto after = std::partition_point(
        places.begin(), places.end(), [&](const Place& place) { return place.begin < position; });
    return after == places.begin() ? nullptr : &*std::prev(after);
}

// The one that a cut at `position` would go through.
template <typename Place>
const Place* place_around(const std::vector<Place>& places, std::size_t position) {
    const auto* place = last_before(places, position);
    return place != nullptr && position < place->end ? place : nullptr;
}

class PartCutter {
public:
    PartCutter(const RenderedMarkdown& rendered, std::size_t bytes_max)
        : rendered_(rendered), text_(rendered.text), bytes_max_(bytes_max) {}

    std::vector<std::string> run() && {
        while (begin_ < text_.size()) {
            cut_part();
        }
        return std::move(parts_);
    }

private:
    void cut_part() {
        std::string part;
        if (const auto* reopened = place_around(rendered_.line_blocks, begin_)) {
            part = reopened->opening;
        }
        const auto end = cut_within(bytes_max_ - part.size());
        const auto content = text_.substr(begin_, end - begin_);
        begin_ = end;
        if (is_blank(content)) {
            return;
        }
        part += content;
        if (const auto* cut_block = place_around(rendered_.line_blocks, end)) {
            part += part.ends_with('\n') || cut_block->closing.empty() ? "" : "\n";
            part += cut_block->closing;
        }
        parts_.push_back(std::move(part));
    }

    // Which block is cut, and so has to be closed, is known only once there is a cut.
    std::size_t cut_within(std::size_t room) const {
        for (std::size_t reserved = 0;;) {
            const auto end = place_cut(best_cut(text_, begin_, room - reserved));
            const auto* block = place_around(rendered_.line_blocks, end);
            const auto needed =
                block == nullptr || block->closing.empty() ? 0 : block->closing.size() + 1;
            if (needed <= reserved) {
                return end;
            }
            reserved = needed;
        }
    }

    // The cut itself, or a better one nearby, if it would go through what must stay whole.
    std::size_t place_cut(std::size_t cut) const {
        if (const auto* block = place_around(rendered_.line_blocks, cut)) {
            cut = place_cut_in(*block, cut);
        }
        if (const auto* atom = place_around(rendered_.atoms, cut)) {
            return atom->begin > begin_ ? atom->begin : atom->end;
        }
        return cut;
    }

    std::size_t place_cut_in(const LineBlock& block, std::size_t cut) const {
        const bool small = block.end - block.begin <= bytes_max_ / 2;
        if (block.begin > begin_ && (small || cut <= block.content_begin)) {
            return block.begin;
        }
        if (cut < block.content_end) {
            return cut;
        }
        // Nothing but the closing line would be left for the next part: leave it a line of code.
        const auto room = block.content_end - 1 - begin_;
        return room > 0 ? best_cut(text_, begin_, room) : cut;
    }

    const RenderedMarkdown& rendered_;
    std::string_view text_;
    std::size_t bytes_max_;
    std::size_t begin_ = 0;
    std::vector<std::string> parts_;
};

}  // namespace

RenderLimits limits_for_parts(std::size_t bytes_max) noexcept {
    // A quarter and two eighths leave room for a number, so that each part makes progress.
    return {.atom_bytes_max = bytes_max / 4,
            .fence_line_bytes_max = bytes_max / 8,
            .table_header_bytes_max = bytes_max / 4};
}

std::vector<std::string> split_rendered(const RenderedMarkdown& rendered, std::size_t bytes_max,
                                        PartNumbers numbers) {
    assert(bytes_max >= part_bytes_min);
    if (rendered.text.size() <= bytes_max) {
        return is_blank(rendered.text) ? std::vector<std::string>{}
                                       : std::vector<std::string>{rendered.text};
    }
    if (numbers == PartNumbers::none) {
        return PartCutter(rendered, bytes_max).run();
    }
    return numbered_parts(rendered.text.size(), bytes_max,
                          [&](std::size_t bytes) { return PartCutter(rendered, bytes).run(); });
}

}  // namespace hermes::text
