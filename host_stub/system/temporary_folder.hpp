// A folder for a while: nobody else's, and gone with all that is in it when the object is.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace hermes::host {

class TemporaryFolder {
public:
    // In `parent`, which is made if there is none; its name begins with `prefix`. Throws
    // std::system_error.
    explicit TemporaryFolder(const std::filesystem::path& parent, const std::string& prefix = {}) {
        std::filesystem::create_directories(parent);
        auto name = (parent / (prefix + "XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr) {  // mode 0700
            throw std::system_error(errno, std::generic_category(), name);
        }
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace hermes::host
