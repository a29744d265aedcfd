// Preloaded into a process, sets its wall clock as the file named by HERMES_CLOCK_OFFSET says:
// seconds, which may change while it runs. The steady clock is left alone, as by an administrator.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

const volatile std::int64_t* open_offset() noexcept {
    const char* name = std::getenv("HERMES_CLOCK_OFFSET");
    const int file = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return nullptr;
    }
    void* page = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return page == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(page);
}

std::int64_t offset() noexcept {
    static const volatile std::int64_t* const seconds = open_offset();
    return seconds == nullptr ? 0 : *seconds;
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, timespec* out) noexcept {
    const auto failed = ::syscall(SYS_clock_gettime, clock, out);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        out->tv_sec += offset();
    }
    return static_cast<int>(failed);
}

__attribute__((visibility("default"))) int gettimeofday(timeval* out, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1'000;
    return 0;
}

__attribute__((visibility("default"))) time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
}
