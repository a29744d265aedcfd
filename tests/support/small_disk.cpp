#include "support/small_disk.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace hermes::test {

std::unique_ptr<SmallDisk> SmallDisk::mount(int megabytes) {
    std::unique_ptr<SmallDisk> disk(new SmallDisk());
    const auto size = "size=" + std::to_string(megabytes) + "m";
    if (::mount("tmpfs", disk->path().c_str(), "tmpfs", 0, size.c_str()) != 0) {
        MESSAGE("mounting is not allowed here: not tested on a full disk");
        return nullptr;
    }
    return disk;
}

SmallDisk::~SmallDisk() {
    ::umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
    const std::string block(4'096, 'x');
    const int descriptor =
        ::open((path() + "/ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (::write(descriptor, block.data(), block.size()) > 0) {
    }
    ::close(descriptor);
}

void SmallDisk::make_room() {
    ::unlink((path() + "/ballast").c_str());
}

void SmallDisk::make_read_only() {
    REQUIRE(::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
}

}  // namespace hermes::test
