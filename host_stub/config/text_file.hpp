// A small file, whole.
#pragma once

#include <filesystem>
#include <string>

namespace hermes::host {

// Throws std::runtime_error with one line that names the file and the reason.
std::string read_text_file(const std::filesystem::path& file);

}  // namespace hermes::host
