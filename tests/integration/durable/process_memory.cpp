#include "integration/durable/process_memory.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace hermes::test {

long resident_kilobytes() {
    ::malloc_trim(0);
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "VmRSS:") {
            long kilobytes = 0;
            status >> kilobytes;
            return kilobytes;
        }
    }
    return 0;
}

void append_and_sync(const std::string& path, std::size_t bytes) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    const std::string block(bytes, 'x');
    if (descriptor >= 0) {
        (void)!::write(descriptor, block.data(), block.size());
        ::fdatasync(descriptor);
        ::close(descriptor);
    }
}

}  // namespace hermes::test
