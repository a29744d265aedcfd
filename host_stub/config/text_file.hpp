// A small file, whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hermes::host {

// Throws std::runtime_error with one line that names the file and the reason.
std::string read_text_file(const std::filesystem::path& file);

// Writes the file whole or not at all, readable by its owner only, who is the folder's owner if
// root writes it; it is on the disk then. Throws as above.
void write_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace hermes::host
