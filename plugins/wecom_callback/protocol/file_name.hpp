// The name that a member gave a file: told to an agent, never used as a path. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hermes::wecom {

inline constexpr std::size_t file_name_bytes_max = 255;

// One line of UTF-8 without `/`, `\\` and control characters, at most so many bytes, its suffix
// kept; empty for what names a folder (`.`, `..`).
std::string clean_file_name(std::string_view name);

// That of a Content-Disposition field (RFC 6266), cleaned: `filename*` before `filename`, which
// WeCom writes in raw UTF-8. Empty if there is none.
std::string file_name_in(std::string_view content_disposition);

}  // namespace hermes::wecom
