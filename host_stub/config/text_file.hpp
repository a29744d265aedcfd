// A small file, whole.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace hermes::host {

inline constexpr std::size_t text_file_bytes_max = 4U << 20U;  // configuration, not data

// Throws std::runtime_error with one line that names the file and the reason.
std::string read_text_file(const std::filesystem::path& file,
                           std::size_t bytes_max = text_file_bytes_max);

// Writes the file whole or not at all, readable by its owner only, who is the folder's owner if
// root writes it; it is on the disk then. Throws as above.
void write_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace hermes::host
