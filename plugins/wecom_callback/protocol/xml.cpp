#include "protocol/xml.hpp"

// A callback has about 16 elements: a page or two of stack will do instead of 64 KiB.
#define RAPIDXML_STATIC_POOL_SIZE (8 * 1024)
#include <rapidxml/rapidxml.hpp>

#include <algorithm>

#include "base/utf8.hpp"
#include "protocol/xml_scan.hpp"

namespace hermes::wecom {
namespace {

using Leaves = std::vector<std::pair<std::string, std::string>>;
using Node = rapidxml::xml_node<>;

// By size instead of by terminator, so that the parser writes into the text for references alone.
constexpr int parse_flags = rapidxml::parse_validate_closing_tags |
                            rapidxml::parse_no_string_terminators |
                            rapidxml::parse_no_element_values;

// WeCom's messages have 7 to 12.
constexpr std::size_t leaves_expected = 12;

std::string_view name_of(const Node& node) {
    return {node.name(), node.name_size()};
}

bool has_elements(const Node& element) {
    for (const Node* child = element.first_node(); child != nullptr;
         child = child->next_sibling()) {
        if (child->type() == rapidxml::node_element) {
            return true;
        }
    }
    return false;
}

// Text may come in several pieces: `]]>` inside CDATA is written as two sections.
std::string text_of(const Node& leaf) {
    std::string text;
    for (const Node* child = leaf.first_node(); child != nullptr; child = child->next_sibling()) {
        text.append(child->value(), child->value_size());
    }
    return text;
}

// Recurses at most xml_depth_max deep: scan_xml has counted.
void collect(const Node& parent, const std::string& path, Leaves& leaves) {
    for (const Node* child = parent.first_node(); child != nullptr; child = child->next_sibling()) {
        if (child->type() != rapidxml::node_element) {
            continue;
        }
        auto child_path =
            path.empty() ? std::string(name_of(*child)) : path + '/' + std::string(name_of(*child));
        if (has_elements(*child)) {
            collect(*child, child_path, leaves);
        } else {
            leaves.emplace_back(std::move(child_path), text_of(*child));
        }
    }
}

}  // namespace

base::Result<XmlFields> XmlFields::parse(std::string_view document) {
    document = base::without_byte_order_mark(document);
    if (const auto error = scan_xml(document)) {
        return error;
    }
    std::string text(document);
    rapidxml::xml_document<> tree;
    try {
        tree.parse<parse_flags>(text.data());
    } catch (const rapidxml::parse_error&) {
        return CallbackError::not_xml;
    }
    const Node* root = tree.first_node();
    if (root == nullptr) {
        return CallbackError::not_xml;
    }
    XmlFields fields;
    fields.leaves_.reserve(leaves_expected);
    collect(*root, {}, fields.leaves_);
    return fields;
}

std::string_view XmlFields::get(std::string_view path) const noexcept {
    const auto leaf =
        std::ranges::find(leaves_, path, [](const auto& l) { return std::string_view(l.first); });
    return leaf == leaves_.end() ? std::string_view() : std::string_view(leaf->second);
}

}  // namespace hermes::wecom
