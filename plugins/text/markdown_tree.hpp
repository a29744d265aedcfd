// A parsed document and a walk through it, without recursion: what is nested ten thousand deep must
// not exhaust a stack.
#pragma once

#include <cmark-gfm.h>

#include <memory>
#include <string_view>

namespace hermes::text {

struct FreeNode {
    void operator()(cmark_node* node) const noexcept { cmark_node_free(node); }
};
using MarkdownTree = std::unique_ptr<cmark_node, FreeNode>;

struct FreeWalk {
    void operator()(cmark_iter* walk) const noexcept { cmark_iter_free(walk); }
};
using MarkdownWalk = std::unique_ptr<cmark_iter, FreeWalk>;

inline MarkdownTree parse_tree(std::string_view markdown) {
    return MarkdownTree(cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT));
}

inline std::string_view text_or_empty(const char* text) noexcept {
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

}  // namespace hermes::text
