// What a file that a member sent is: by what is in it, since what is said of it may be wrong. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hermes::wecom {

// So many bytes of a file tell what it is.
inline constexpr std::size_t media_beginning_bytes = 64;

struct MediaType {
    std::string mime_type;
    std::string suffix;  // 1 to 8 of a-z and 0-9

    friend bool operator==(const MediaType&, const MediaType&) = default;
};

// By its first bytes; where they tell nothing, by the suffix of the sender's name, then by the
// Content-Type that WeCom gives it, unless the first bytes show that it is not of that type.
MediaType media_type_of(std::string_view beginning, std::string_view file_name,
                        std::string_view content_type);

}  // namespace hermes::wecom
