// Files in one, as `tar` unpacks them (POSIX ustar). Pure.
#pragma once

#include <string>
#include <vector>

namespace hermes::host::simulator {

struct ArchivedFile {
    std::string path{};  // relative; 100 bytes at most
    std::string bytes{};

    bool operator==(const ArchivedFile&) const = default;
};

inline constexpr std::size_t archived_path_bytes_max = 100;

std::string format_tar(const std::vector<ArchivedFile>& files, long long modified_at_s);

}  // namespace hermes::host::simulator
