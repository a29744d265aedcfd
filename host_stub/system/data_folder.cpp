#include "system/data_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace hermes::host {
namespace {

namespace fs = std::filesystem;

constexpr uid_t root = 0;
constexpr int levels_max = 3;  // the state, its folder for files, and what is in that

std::optional<struct stat> status_of(const fs::path& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? std::optional(found) : std::nullopt;
}

using OpenFolder = std::unique_ptr<DIR, int (*)(DIR*)>;

OpenFolder open_folder(int at, const char* name) {
    const int descriptor = ::openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    OpenFolder folder(descriptor < 0 ? nullptr : ::fdopendir(descriptor), ::closedir);
    if (descriptor >= 0 && !folder) {
        ::close(descriptor);
    }
    return folder;
}

std::string name_of(uid_t user) {
    std::array<char, 4096> names;
    passwd entry{};
    passwd* found = nullptr;
    return ::getpwuid_r(user, &entry, names.data(), names.size(), &found) == 0 && found != nullptr
               ? entry.pw_name
               : std::to_string(user);
}

// The folder's owner may put something else in the place of an entry at any moment, so names are
// looked up in folders that are open, no link is followed, and what has a second name stays root's.
// Files are not opened: to close one again would take SQLite's locks from who uses it.
void give(const OpenFolder& folder, uid_t user, gid_t group, int levels) {
    const int at = folder ? ::dirfd(folder.get()) : -1;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else has this stream
    while (const auto* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        struct stat found {};
        if (name == "." || name == ".." ||
            ::fstatat(at, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        const bool is_folder = S_ISDIR(found.st_mode);
        if (is_folder && levels > 1) {
            give(open_folder(at, entry->d_name), user, group, levels - 1);
        }
        if (found.st_uid == root &&
            (is_folder || (S_ISREG(found.st_mode) && found.st_nlink == 1))) {
            // What stays root's is said by whoever can't use it.
            [[maybe_unused]] const auto given =
                ::fchownat(at, entry->d_name, user, group, AT_SYMLINK_NOFOLLOW);
        }
    }
}

}  // namespace

void give_to_owner(const fs::path& folder) noexcept {
    struct stat owner {};
    if (::geteuid() != root) {
        return;
    }
    const auto opened = open_folder(AT_FDCWD, folder.c_str());
    if (opened && ::fstat(::dirfd(opened.get()), &owner) == 0 && owner.st_uid != root) {
        give(opened, owner.st_uid, owner.st_gid, levels_max);
    }
}

std::string cannot_use(const fs::path& path, const std::error_code& reason) {
    const auto found = status_of(path);
    if (found && found->st_uid != ::geteuid()) {
        const auto user = name_of(::geteuid());
        return "data_dir: " + path.string() + " belongs to " + name_of(found->st_uid) +
               ", and this runs as " + user + ": chown -R " + user + ' ' + path.string();
    }
    return "data_dir: " + path.string() + " cannot be used: " + reason.message() +
           "; make it writable for this user, or change data_dir";
}

bool is_kept(const fs::path& file) {
    std::error_code error;
    const bool is_there = fs::exists(file, error);
    if (error) {
        throw std::runtime_error(cannot_use(file.parent_path(), error));
    }
    return is_there;
}

fs::path make_data_directory(const fs::path& data_dir, const std::string& platform) {
    auto folder = data_dir / platform;
    std::error_code error;
    const bool is_new = fs::create_directories(folder, error);
    if (error) {
        throw std::runtime_error(
            "data_dir: " + folder.string() + " cannot be made: " + error.message() +
            (error == std::errc::permission_denied
                 ? "; make " + data_dir.string() + " writable for this user, or change data_dir"
                 : ""));
    }
    if (const auto owner = status_of(data_dir); is_new && owner && ::geteuid() == root) {
        [[maybe_unused]] const auto given = ::lchown(folder.c_str(), owner->st_uid, owner->st_gid);
    }
    fs::permissions(folder, fs::perms::owner_all, error);
    if (error) {
        throw std::runtime_error(cannot_use(folder, error));
    }
    return folder;
}

}  // namespace hermes::host
