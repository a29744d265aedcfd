// Files of the family of MP4, HEIC and QuickTime.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace hermes::base {

// ISO/IEC 14496-12, 4.3: the box of the file's type comes first, and begins with a brand. These are
// brands, or what several begin with.
inline bool is_of_brand(std::string_view bytes, std::span<const std::string_view> brands) {
    return bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp" &&
           std::ranges::any_of(
               brands, [&](std::string_view brand) { return bytes.substr(8).starts_with(brand); });
}

}  // namespace hermes::base
