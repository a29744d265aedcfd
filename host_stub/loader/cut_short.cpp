#include "loader/cut_short.hpp"

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace hermes::host {
namespace {

template <typename Struct>
bool read(std::ifstream& in, std::uint64_t offset, Struct& into) {
    in.seekg(static_cast<std::streamoff>(offset));
    return static_cast<bool>(in.read(reinterpret_cast<char*>(&into), sizeof into));
}

}  // namespace

bool is_cut_short(const std::filesystem::path& library) {
    std::ifstream in(library, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
    Elf64_Ehdr header;
    if (!in || !read(in, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64) {
        return false;
    }
    const auto is_outside = [size](std::uint64_t offset, std::uint64_t bytes) {
        return offset > size || size - offset < bytes;
    };
    if (is_outside(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize)) {
        return true;
    }
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (!read(in, header.e_phoff + i * sizeof segment, segment) ||
            (segment.p_type == PT_LOAD && is_outside(segment.p_offset, segment.p_filesz))) {
            return true;
        }
    }
    return false;
}

}  // namespace hermes::host
