// The wall clock of a gateway that is another process, to be set while it runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "support/gateway_process.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

class WallClock {
public:
    WallClock() { set(std::chrono::seconds{0}); }

    // From now on so far from the real time.
    void set(std::chrono::seconds offset) {
        const auto seconds = static_cast<std::int64_t>(offset.count());
        std::fstream out(file(), std::ios::binary | std::ios::in | std::ios::out);
        if (!out) {
            out.open(file(), std::ios::binary | std::ios::out);
        }
        out.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
    }

    // For a process that is to have this clock. None under a sanitizer, which wants to be first in
    // the process.
    Variables variables() const {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        return {};
#else
        return {"LD_PRELOAD=" + built_file("lib/libclock_jump.so"),
                "HERMES_CLOCK_OFFSET=" + file()};
#endif
    }

private:
    std::string file() const {
        return (directory_.path() / "offset").string();
    }
    TempDirectory directory_;
};

}  // namespace hermes::test
