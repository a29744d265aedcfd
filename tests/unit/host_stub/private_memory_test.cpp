#include "system/private_memory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace hermes::test {

namespace {

constexpr uid_t nobody = 65534;

int exit_code_of(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Whether a child of the same, ordinary user can read the environment of a process that has done
// `prepare`.
bool child_can_read_environment(void (*prepare)()) {
    const pid_t gateway = ::fork();
    if (gateway == 0) {
        if (::getuid() == 0 && ::setuid(nobody) != 0) {
            ::_exit(2);
        }
        prepare();
        const auto file = "/proc/" + std::to_string(::getpid()) + "/environ";
        const pid_t agent = ::fork();
        if (agent == 0) {
            ::_exit(::open(file.c_str(), O_RDONLY | O_CLOEXEC) >= 0 ? 1 : 0);
        }
        ::_exit(exit_code_of(agent));
    }
    const int code = exit_code_of(gateway);
    REQUIRE((code == 0 || code == 1));
    return code == 1;
}

// What a process is before it does anything about it; setuid has taken it away.
void be_ordinary() {
    ::prctl(PR_SET_DUMPABLE, 1);
}

[[maybe_unused]] void be_private() {
    be_ordinary();
    host::keep_memory_private();
}

}  // namespace

TEST_SUITE("host/private_memory") {
    TEST_CASE("an agent of the same user cannot read the gateway's environment") {
        CHECK(child_can_read_environment(be_ordinary));
#if !defined(__SANITIZE_ADDRESS__)
        CHECK_FALSE(child_can_read_environment(be_private));
#endif
    }
}

}  // namespace hermes::test
