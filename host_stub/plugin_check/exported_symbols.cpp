#include "plugin_check/exported_symbols.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace hermes::host {
namespace {

// A view of the file that refuses every offset outside of it.
class ElfFile {
public:
    explicit ElfFile(const std::filesystem::path& file) : name_(file.filename().string()) {
        std::ifstream in(file, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(in), {});
    }

    template <typename Struct>
    Struct at(std::size_t offset) const {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Struct)) {
            fail();
        }
        Struct value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }

    std::string text_at(std::size_t offset) const {
        if (offset >= bytes_.size()) {
            fail();
        }
        return bytes_.substr(offset, bytes_.find('\0', offset) - offset);
    }

    bool begins_with(std::string_view magic) const { return bytes_.starts_with(magic); }

    [[noreturn]] void fail() const {
        throw std::runtime_error(name_ + " is no 64-bit ELF library");
    }

private:
    std::string name_;
    std::string bytes_{};
};

bool is_exported(const Elf64_Sym& symbol) {
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& library) {
    const ElfFile file(library);
    const auto header = file.at<Elf64_Ehdr>(0);
    if (!file.begins_with(std::string_view(ELFMAG, SELFMAG)) ||
        header.e_ident[EI_CLASS] != ELFCLASS64) {
        file.fail();
    }
    const auto section = [&](std::size_t index) {
        return file.at<Elf64_Shdr>(header.e_shoff + index * sizeof(Elf64_Shdr));
    };
    std::vector<std::string> names;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        const auto table = section(i);
        if (table.sh_type != SHT_DYNSYM) {
            continue;
        }
        const auto strings = section(table.sh_link);
        for (std::size_t s = 0; s < table.sh_size / sizeof(Elf64_Sym); ++s) {
            const auto symbol = file.at<Elf64_Sym>(table.sh_offset + s * sizeof(Elf64_Sym));
            if (is_exported(symbol)) {
                names.push_back(file.text_at(strings.sh_offset + symbol.st_name));
            }
        }
    }
    return names;
}

}  // namespace hermes::host
