// The flat XML of WeCom, read inside limits: strangers write to the callback URL.
//
// Well-formed XML 1.0 without document types, entity declarations, and processing instructions
// other than the XML declaration, in UTF-8 without NUL. Every character beyond ASCII counts as a
// letter of a name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

inline constexpr std::size_t xml_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t xml_depth_max = 16;        // open elements
inline constexpr std::size_t xml_name_bytes_max = 128;  // of an element: a leaf's path repeats them
inline constexpr std::size_t xml_elements_max = 1024;
// Tags, attributes, CDATA sections and comments. A text of 2048 bytes may be 683 CDATA sections,
// one for each `]]>`, so this is generous.
inline constexpr std::size_t xml_markups_max = std::size_t{16} * 1024;

// By path below the root with `/` between: {"Content", "hello"}, {"SendLocationInfo/Label", "..."}.
using XmlLeaves = std::vector<std::pair<std::string, std::string>>;

// The leaves of a document in document order. Values as written, with CDATA sections, the five
// predefined entities and character references resolved; white space is kept where it is not alone
// between two tags, sections or comments. The name of the root and all attributes are ignored.
class XmlFields {
public:
    // Else not_xml or forbidden_xml.
    static base::Result<XmlFields> parse(std::string_view document);

    // The first leaf of that path; empty if there is none.
    std::string_view get(std::string_view path) const noexcept;
    const XmlLeaves& all() const& noexcept { return leaves_; }
    XmlLeaves all() && noexcept { return std::move(leaves_); }

private:
    XmlLeaves leaves_;
};

}  // namespace hermes::wecom
