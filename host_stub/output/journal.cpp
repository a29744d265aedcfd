#include "output/journal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace hermes::host {

bool stderr_is_journal() noexcept {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets variables while threads run
    const char* const named = std::getenv("JOURNAL_STREAM");
    std::uintmax_t device = 0;
    std::uintmax_t inode = 0;
    struct stat status {};
    return named != nullptr && std::sscanf(named, "%" SCNuMAX ":%" SCNuMAX, &device, &inode) == 2 &&
           ::fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
           status.st_ino == inode;
}

std::string_view journal_priority(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return "<7>";
        case LogLevel::info:
            return "<6>";
        case LogLevel::warning:
            return "<4>";
        case LogLevel::error:
            break;
    }
    return "<3>";
}

}  // namespace hermes::host
