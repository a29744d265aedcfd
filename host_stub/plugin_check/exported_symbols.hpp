// What a shared library exports, read from the file without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hermes::host {

// The names of the symbols that others can link to. Throws std::runtime_error with one line if the
// file is no 64-bit ELF library.
std::vector<std::string> exported_symbols(const std::filesystem::path& library);

}  // namespace hermes::host
