// A lock on a file, held by one process at a time and let go by the kernel when it ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hermes::durable {

// Who delivers from a database.
enum class GatewayKind {
    gateway,  // serves: on SQLite a second is refused, on PostgreSQL they share
    visitor,  // a command-line tool, while there is no gateway; it leaves when one starts
};

struct GatewayHolder {
    std::string who;  // "process 4711"
    GatewayKind kind = GatewayKind::gateway;
};

class FileLock {
public:
    // Takes the lock, or tells in `holder` who has it. Creates the file (mode 0600), which stays:
    // to remove it would race with the next one. Throws std::system_error.
    static std::optional<FileLock> try_take(const std::string& path, GatewayKind kind,
                                            GatewayHolder& holder);
    // Whether somebody holds it now. Throws nothing: a file that can't be read is held by nobody.
    static bool is_held(const std::string& path) noexcept;

    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    // Of this very file: another of the same name elsewhere has another.
    std::uint64_t file_number() const noexcept;

private:
    explicit FileLock(int descriptor) noexcept : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace hermes::durable
