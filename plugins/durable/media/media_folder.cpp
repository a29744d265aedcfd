#include "durable/media/media_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/random_hex.hpp"
#include "durable/media/fetcher.hpp"

namespace hermes::durable {
namespace {

constexpr mode_t owner_only_folder = 0700;
constexpr mode_t owner_only_file = 0600;
constexpr mode_t others = 0077;
constexpr const char* partial_suffix = ".part";
constexpr std::size_t random_bytes = 8;
constexpr std::size_t suffix_length_max = 8;

FetchError disk_error() noexcept {
    return errno == ENOSPC || errno == EDQUOT ? FetchError::disk_full : FetchError::disk_trouble;
}

bool is_suffix(std::string_view text) {
    return !text.empty() && text.size() <= suffix_length_max &&
           std::ranges::all_of(
               text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

// Of a name of ours: `<seq>-<random digits>.<suffix>`.
std::optional<std::int64_t> seq_of(std::string_view name) {
    std::int64_t seq = 0;
    const auto* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, seq);
    const auto rest = name.substr(static_cast<std::size_t>(stop - name.data()));
    constexpr std::size_t digits = 2 * random_bytes;
    const bool ours =
        error == std::errc() && seq > 0 && rest.size() > digits + 2 && rest.front() == '-' &&
        rest[digits + 1] == '.' &&
        rest.substr(1, digits).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
        is_suffix(rest.substr(digits + 2));
    return ours ? std::optional(seq) : std::nullopt;
}

std::string trouble(const std::string& path, const char* what, int error) {
    return path + ": " + what + ": " + std::generic_category().message(error);
}

}  // namespace

PartialFile::~PartialFile() {
    if (file_) {
        ::unlink((stem_ + partial_suffix).c_str());
    }
}

boost::system::error_code PartialFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return disk_error();
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
    return {};
}

base::Result<std::string> PartialFile::complete(std::string_view suffix) {
    // What is believed to be whole after a loss of power must be whole. That the name is not there
    // yet then costs another attempt.
    if (::fsync(file_.get()) != 0) {
        return disk_error();
    }
    auto path = stem_ + '.' + (is_suffix(suffix) ? std::string(suffix) : std::string("bin"));
    if (::rename((stem_ + partial_suffix).c_str(), path.c_str()) != 0) {
        return disk_error();
    }
    file_.reset();
    return path;
}

std::string MediaFolder::open_problem(const std::string& path) {
    std::error_code error;
    const auto parent = std::filesystem::path(path).parent_path();
    if (!parent.empty()) {
        std::filesystem::create_directories(parent, error);
    }
    if (::mkdir(path.c_str(), owner_only_folder) != 0 && errno != EEXIST) {
        return trouble(path, "cannot be made", errno);
    }
    auto file = MediaFolder(path).begin(1);
    if (!file) {
        return file.error() == FetchError::disk_full
                   ? path + ": the disk is full"
                   : path + ": no file can be written there: give this user a folder of its own";
    }
    return {};
}

std::string MediaFolder::foreseen_problem(const std::string& path) {
    std::filesystem::path place = path;
    std::error_code ignored;
    while (!std::filesystem::exists(place, ignored) && place.has_relative_path()) {
        place = place.parent_path();
    }
    if (!std::filesystem::is_directory(place, ignored)) {
        return path + ": " + place.string() + " is not a folder";
    }
    if (::access(place.c_str(), W_OK | X_OK) != 0) {
        return trouble(path, "no file can be written there", errno);
    }
    return {};
}

std::string MediaFolder::privacy_problem(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || (found.st_mode & others) == 0) {
        return {};
    }
    return path + " can be looked into by other users of this machine: chmod 700 " + path;
}

base::Result<PartialFile> MediaFolder::begin(std::int64_t seq) const {
    auto stem = path_ + '/' + std::to_string(seq) + '-' + base::random_hex(random_bytes);
    base::UniqueFd file(::open((stem + partial_suffix).c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                               owner_only_file));
    if (!file) {
        return disk_error();
    }
    return PartialFile(std::move(stem), std::move(file));
}

std::optional<std::string> MediaFolder::find(const std::string& name, std::uint64_t size) const {
    auto path = path_ + '/' + name;
    struct stat found {};
    if (!seq_of(name) || ::lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode) ||
        static_cast<std::uint64_t>(found.st_size) != size) {
        return std::nullopt;
    }
    return path;
}

std::vector<MediaEntry> MediaFolder::list() const {
    std::vector<MediaEntry> entries;
    std::error_code error;
    for (std::filesystem::directory_iterator next(path_, error), end; !error && next != end;
         next.increment(error)) {
        MediaEntry entry;
        entry.name = next->path().filename().string();
        const auto seq = seq_of(entry.name);
        struct stat found {};
        if (!seq || ::lstat(next->path().c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
            continue;
        }
        entry.seq = *seq;
        entry.partial = entry.name.ends_with(partial_suffix);
        entry.bytes = static_cast<std::uint64_t>(found.st_size);
        entry.modified_at = std::chrono::system_clock::from_time_t(found.st_mtime);
        entries.push_back(std::move(entry));
    }
    return entries;
}

DiskSpace MediaFolder::space() const {
    struct statvfs found {};
    if (::statvfs(path_.c_str(), &found) != 0) {
        return {};
    }
    return {static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize,
            static_cast<std::uint64_t>(found.f_blocks) * found.f_frsize};
}

void MediaFolder::remove(const std::string& name) const {
    ::unlink((path_ + '/' + name).c_str());
}

}  // namespace hermes::durable
