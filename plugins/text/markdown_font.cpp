#include "text/markdown_font.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hermes::text {
namespace {

struct Tag {
    std::size_t begin;
    std::size_t end;
};

constexpr std::string_view opening_words = "<font color=";
constexpr std::string_view closing_tag = "</font>";

std::size_t opening_tag_size(std::string_view text) noexcept {
    const auto end = text.find_first_of("<>\n", 1);
    const bool whole = end != std::string_view::npos && text[end] == '>';
    return whole && text.starts_with(opening_words) ? end + 1 : 0;
}

// Takes the tags out of a rendered text, and tells where what was behind them is then.
class TagRemoval {
public:
    explicit TagRemoval(std::vector<Tag> tags) : tags_(std::move(tags)) {
        std::ranges::sort(tags_, {}, &Tag::begin);
        for (const auto& tag : tags_) {
            removed_.push_back(removed_.back() + tag.end - tag.begin);
        }
    }

    void run(RenderedMarkdown& rendered) const {
        std::string text;
        std::size_t copied = 0;
        for (const auto& tag : tags_) {
            text.append(rendered.text, copied, tag.begin - copied);
            copied = tag.end;
        }
        text.append(rendered.text, copied);
        rendered.text = std::move(text);
        for (auto& atom : rendered.atoms) {
            move(atom.begin);
            move(atom.end);
        }
        for (auto& block : rendered.line_blocks) {
            move(block.begin);
            move(block.content_begin);
            move(block.content_end);
            move(block.end);
            const bool table = block.closing.empty();
            if (table) {
                block.opening =
                    rendered.text.substr(block.begin, block.content_begin - block.begin);
            }
        }
    }

private:
    void move(std::size_t& position) const {
        const auto behind = std::ranges::partition_point(
            tags_, [&](const Tag& tag) { return tag.begin < position; });
        position -= removed_[static_cast<std::size_t>(behind - tags_.begin())];
    }

    std::vector<Tag> tags_;
    std::vector<std::size_t> removed_{0};  // bytes, by how many tags
};

class FontKeeper {
public:
    FontKeeper(RenderedMarkdown& rendered, std::size_t atom_bytes_max)
        : rendered_(rendered), text_(rendered.text), atom_bytes_max_(atom_bytes_max) {}

    void run() && {
        for (auto at = text_.find('<'); at != std::string_view::npos;
             at = text_.find('<', at + 1)) {
            go_to(at);
            if (is_code(at)) {
                continue;
            }
            const auto rest = text_.substr(at);
            if (const auto size = opening_tag_size(rest); size > 0) {
                open_.push_back({at, at + size});
            } else if (rest.starts_with(closing_tag) && !open_.empty()) {
                close({at, at + closing_tag.size()});
            }
        }
        go_to(text_.size());
        rendered_.atoms = std::move(atoms_);
        TagRemoval(std::move(dropped_)).run(rendered_);
    }

private:
    // Takes over what begins up to `position`.
    void go_to(std::size_t position) {
        for (; atoms_taken_ < rendered_.atoms.size() &&
               rendered_.atoms[atoms_taken_].begin <= position;
             ++atoms_taken_) {
            atoms_.push_back(rendered_.atoms[atoms_taken_]);
        }
        const auto& blocks = rendered_.line_blocks;
        while (blocks_begun_ < blocks.size() && blocks[blocks_begun_].begin <= position) {
            ++blocks_begun_;
        }
    }

    const LineBlock* last_block() const {
        return blocks_begun_ > 0 ? &rendered_.line_blocks[blocks_begun_ - 1] : nullptr;
    }

    bool is_code(std::size_t position) const {
        const auto* block = last_block();
        const bool fenced = block != nullptr && position < block->end && !block->closing.empty();
        return fenced || (!atoms_.empty() && position < atoms_.back().end &&
                          text_[atoms_.back().begin] == '`');
    }

    void close(Tag closing) {
        const auto opening = open_.back();
        open_.pop_back();
        Atom atom{opening.begin, closing.end};
        auto inside = atoms_.size();  // the first atom that it has in it, or is in
        while (inside > 0 && atoms_[inside - 1].end > opening.begin &&
               closing.end - opening.begin <= atom_bytes_max_) {
            --inside;
            atom.begin = std::min(atom.begin, atoms_[inside].begin);
            atom.end = std::max(atom.end, atoms_[inside].end);
        }
        if (atom.end - atom.begin > atom_bytes_max_ || is_parted(opening, closing)) {
            dropped_.insert(dropped_.end(), {opening, closing});
            return;
        }
        atoms_.resize(inside);
        atoms_.push_back(atom);
    }

    // By a block's end, or a table's row.
    bool is_parted(Tag opening, Tag closing) const {
        const auto* block = last_block();
        if (block == nullptr || block->end <= opening.begin) {
            return false;
        }
        const auto between = text_.substr(opening.end, closing.begin - opening.end);
        return block->begin > opening.begin || between.find('\n') != std::string_view::npos;
    }

    RenderedMarkdown& rendered_;
    std::string_view text_;
    std::size_t atom_bytes_max_;
    std::size_t atoms_taken_ = 0;
    std::size_t blocks_begun_ = 0;
    std::vector<Atom> atoms_;
    std::vector<Tag> open_;
    std::vector<Tag> dropped_;
};

}  // namespace

void keep_fonts_whole(RenderedMarkdown& rendered, std::size_t atom_bytes_max) {
    if (rendered.text.find(opening_words) != std::string::npos) {
        FontKeeper(rendered, atom_bytes_max).run();
    }
}

}  // namespace hermes::text
