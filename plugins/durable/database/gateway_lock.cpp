#include "durable/database/gateway_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace hermes::durable {
namespace {

// Of the whole file. An "open file description" lock: it belongs to the open file, not to the
// process, so two stores in one process exclude each other too, and closing another descriptor of
// the file does not let it go (fcntl(2)).
struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

constexpr std::string_view visitor_mark = " visitor";

GatewayHolder read_holder(int descriptor) {
    char text[48];
    const auto length = ::pread(descriptor, text, sizeof text, 0);
    if (length <= 0) {
        return {"process unknown", GatewayKind::gateway};
    }
    const std::string_view found(text, static_cast<std::size_t>(length));
    const bool visitor = found.ends_with(visitor_mark);
    return {"process " + std::string(found.substr(0, found.find(' '))),
            visitor ? GatewayKind::visitor : GatewayKind::gateway};
}

}  // namespace

std::optional<FileLock> FileLock::try_take(const std::string& path, GatewayKind kind,
                                           GatewayHolder& holder) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), path);
    }
    FileLock lock(descriptor);
    auto wanted = whole_file();
    if (::fcntl(descriptor, F_OFD_SETLK, &wanted) != 0) {
        holder = read_holder(descriptor);
        return std::nullopt;
    }
    auto text = std::to_string(::getpid());
    if (kind == GatewayKind::visitor) {
        text += visitor_mark;
    }
    // If the disk is full the lock still holds, and nobody knows whose it is.
    if (::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, text.data(), text.size(), 0) < 0) {
        return lock;
    }
    return lock;
}

bool FileLock::is_held(const std::string& path) noexcept {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    auto found = whole_file();  // asks, takes nothing
    const bool held = ::fcntl(descriptor, F_OFD_GETLK, &found) == 0 && found.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

std::uint64_t FileLock::file_number() const noexcept {
    struct stat found {};
    return ::fstat(descriptor_, &found) == 0 ? found.st_dev * 31 + found.st_ino : 0;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace hermes::durable
