#include "agents/allowed_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace hermes::host {
namespace {

using base::UniqueFd;

std::string last_error() {
    return std::generic_category().message(errno);
}

std::vector<std::string> steps_of(std::string_view path) {
    std::vector<std::string> steps;
    while (!path.empty()) {
        const auto step = path.substr(0, path.find('/'));
        steps.emplace_back(step);
        path.remove_prefix(std::min(step.size() + 1, path.size()));
    }
    return steps;
}

// The rest of the path, if it lies in the folder; no `/` at its beginning.
std::optional<std::string_view> below(std::string_view path, std::string folder) {
    if (!folder.ends_with('/')) {
        folder += '/';
    }
    if (!path.starts_with(folder) || path.size() == folder.size()) {
        return std::nullopt;
    }
    return path.substr(folder.size());
}

// Also by the name that the folder has once all links in it are followed, as programs print it.
std::optional<std::string_view> below_either(std::string_view path,
                                             const std::filesystem::path& folder) {
    if (const auto rest = below(path, folder.string())) {
        return rest;
    }
    std::error_code error;
    const auto canonical = std::filesystem::canonical(folder, error);
    return error ? std::nullopt : below(path, canonical.string());
}

bool is_invented(int fd) noexcept {
    struct statfs system {};
    return ::fstatfs(fd, &system) == 0 &&
           (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
}

std::variant<AllowedFile, FileRefusal> look_at(UniqueFd fd) {
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) {
        return "cannot be read: " + last_error();
    }
    if (!S_ISREG(found.st_mode) || is_invented(fd.get())) {
        return FileRefusal("is no ordinary file");
    }
    return AllowedFile{std::move(fd), static_cast<std::uint64_t>(found.st_size)};
}

std::variant<AllowedFile, FileRefusal> walk(const std::filesystem::path& folder,
                                            const std::vector<std::string>& steps) {
    UniqueFd at(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::size_t i = 0; at && i < steps.size(); ++i) {
        const bool is_last = i + 1 == steps.size();
        // Without waiting for the other end of a pipe.
        const int how = is_last ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY;
        at = UniqueFd(::openat(at.get(), steps[i].c_str(), how | O_NOFOLLOW | O_CLOEXEC));
    }
    if (!at) {
        return errno == ELOOP || errno == ENOTDIR ? FileRefusal("is a link, or lies behind one")
                                                  : "cannot be opened: " + last_error();
    }
    return look_at(std::move(at));
}

}  // namespace

std::variant<AllowedFile, FileRefusal> open_allowed_file(
    const std::vector<std::filesystem::path>& folders, std::string_view path) {
    if (path.find('\0') != std::string_view::npos) {
        return FileRefusal("is no path");
    }
    for (const auto& folder : folders) {
        const auto rest = below_either(path, folder);
        if (!rest) {
            continue;
        }
        const auto steps = steps_of(*rest);
        const bool is_plain = std::none_of(steps.begin(), steps.end(), [](const auto& step) {
            return step.empty() || step == "." || step == "..";
        });
        return is_plain ? walk(folder, steps) : FileRefusal("has steps that lead back");
    }
    return FileRefusal("is in no folder that files may be sent from");
}

}  // namespace hermes::host
