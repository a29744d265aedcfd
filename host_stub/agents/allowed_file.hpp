// Opens what an agent has named, if it lies where files may be sent from.
//
// A model can be talked into naming any path. So a name is followed step by step from the folder
// on, no link is followed on the way, and what was opened is what is looked at and read: there is
// no moment at which it could be something else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/unique_fd.hpp"

namespace hermes::host {

struct AllowedFile {
    base::UniqueFd fd;
    std::uint64_t bytes = 0;
};

// Why not, to follow the name: "is in none of the folders ...".
using FileRefusal = std::string;

// `folders` are absolute. An ordinary file, or why there is none.
std::variant<AllowedFile, FileRefusal> open_allowed_file(
    const std::vector<std::filesystem::path>& folders, std::string_view path);

}  // namespace hermes::host
