#include "config/text_file.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/unique_fd.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{4} * 1024 * 1024;  // configuration, not data

[[noreturn]] void cannot_read(const std::filesystem::path& file, const std::string& reason) {
    throw std::runtime_error(file.string() + ": cannot be read: " + reason);
}

}  // namespace

// Not with a stream: it would take a folder for an empty file.
std::string read_text_file(const std::filesystem::path& file) {
    const base::UniqueFd source(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!source) {
        cannot_read(file, std::generic_category().message(errno));
    }
    std::string text;
    std::array<char, std::size_t{16} * 1024> bytes{};
    for (;;) {
        const auto count = ::read(source.get(), bytes.data(), bytes.size());
        if (count < 0) {
            cannot_read(file, std::generic_category().message(errno));
        }
        if (count == 0) {
            return text;
        }
        text.append(bytes.data(), static_cast<std::size_t>(count));
        if (text.size() > file_bytes_max) {
            cannot_read(file, "larger than 4 MiB");
        }
    }
}

}  // namespace hermes::host
