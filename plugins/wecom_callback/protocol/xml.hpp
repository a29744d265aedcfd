// The flat XML of WeCom, read with RapidXML inside limits.
//
// Refused before RapidXML sees it: document types and entity declarations, processing instructions
// other than the XML declaration, NUL, more than `xml_depth_max` open elements (RapidXML recurses).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/callback_error.hpp"

namespace hermes::wecom {

inline constexpr std::size_t xml_bytes_max = 1024 * 1024;
inline constexpr std::size_t xml_depth_max = 16;
inline constexpr std::size_t xml_elements_max = 1024;

// The leaves of an <xml> document in document order, by path below the root with `/` between:
// {"Content", "hello"}, {"SendLocationInfo/Label", "..."}. Values as written, CDATA and the five
// predefined entities and character references resolved, surrounding white space kept.
class XmlFields {
public:
    static Result<XmlFields> parse(std::string_view document);

    // The first leaf of that path; empty if there is none.
    std::string_view get(std::string_view path) const noexcept;
    bool has(std::string_view path) const noexcept;
    const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return leaves_; }

private:
    std::vector<std::pair<std::string, std::string>> leaves_;
};

// Text as a CDATA section, split where it contains `]]>`.
std::string xml_cdata(std::string_view text);

}  // namespace hermes::wecom
