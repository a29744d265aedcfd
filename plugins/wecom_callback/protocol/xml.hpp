// The flat XML of WeCom, read with RapidXML inside limits.
//
// Refused before RapidXML sees it (xml_scan.hpp): document types and entity declarations,
// processing instructions other than the XML declaration, NUL, what is not UTF-8, references that
// name no character, and everything beyond the limits below.
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
inline constexpr std::size_t xml_depth_max = 16;  // open elements: RapidXML recurses
inline constexpr std::size_t xml_elements_max = 1024;
// Tags, attributes, CDATA sections and comments: each costs about 100 bytes while it is parsed. A
// text of 2048 bytes may be 683 CDATA sections, one for each `]]>`, so this is generous.
inline constexpr std::size_t xml_markups_max = 16 * 1024;

// The leaves of a document in document order, by path below the root with `/` between:
// {"Content", "hello"}, {"SendLocationInfo/Label", "..."}. Values as written, CDATA and the five
// predefined entities and character references resolved, surrounding white space kept (except
// around a CDATA section). The name of the root and all attributes are ignored.
class XmlFields {
public:
    static base::Result<XmlFields> parse(std::string_view document);

    // The first leaf of that path; empty if there is none.
    std::string_view get(std::string_view path) const noexcept;
    const std::vector<std::pair<std::string, std::string>>& all() const& noexcept {
        return leaves_;
    }
    std::vector<std::pair<std::string, std::string>> all() && noexcept {
        return std::move(leaves_);
    }

private:
    std::vector<std::pair<std::string, std::string>> leaves_;
};

}  // namespace hermes::wecom
