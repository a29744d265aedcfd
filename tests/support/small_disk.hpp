// A file system of a few megabytes that a test can fill. Needs the right to mount.
#pragma once

#include <memory>
#include <string>

#include "support/temp_directory.hpp"

namespace hermes::test {

class SmallDisk {
public:
    // Null, with a message, where mounting is not allowed.
    static std::unique_ptr<SmallDisk> mount(int megabytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    std::string path() const { return directory_.path().string(); }
    void fill();
    void make_room();
    void make_read_only();

private:
    SmallDisk() = default;
    TempDirectory directory_;
};

}  // namespace hermes::test
