#include "config/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/unique_fd.hpp"

namespace hermes::host {
namespace {

[[noreturn]] void cannot_read(const std::filesystem::path& file, const std::string& reason) {
    throw std::runtime_error(file.string() + ": cannot be read: " + reason);
}

[[noreturn]] void cannot_write(const std::filesystem::path& file, int error) {
    throw std::runtime_error(file.string() +
                             ": cannot be written: " + std::generic_category().message(error));
}

}  // namespace

// Not with a stream: it would take a folder for an empty file.
std::string read_text_file(const std::filesystem::path& file, std::size_t bytes_max) {
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
        if (text.size() > bytes_max) {
            cannot_read(file, "larger than " + std::to_string(bytes_max >> 20U) + " MiB");
        }
    }
}

void write_private_file(const std::filesystem::path& file, std::string_view text) {
    const auto draft = file.string() + ".new";
    ::unlink(draft.c_str());
    const base::UniqueFd out(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!out) {
        cannot_write(file, errno);
    }
    const auto folder = std::filesystem::absolute(file).parent_path();
    struct stat owner {};
    // What root writes into the service's folder, the service has to read; where root may not give
    // files away, it is said then.
    if (::geteuid() == 0 && ::stat(folder.c_str(), &owner) == 0 && owner.st_uid != 0) {
        [[maybe_unused]] const auto given = ::fchown(out.get(), owner.st_uid, owner.st_gid);
    }
    while (!text.empty()) {
        const auto written = ::write(out.get(), text.data(), text.size());
        if (written < 0) {
            cannot_write(file, errno);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0 || ::rename(draft.c_str(), file.c_str()) != 0) {
        cannot_write(file, errno);
    }
    const base::UniqueFd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0) {
        cannot_write(file, errno);
    }
}

}  // namespace hermes::host
