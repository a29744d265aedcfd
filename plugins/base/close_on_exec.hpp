// Keeps a socket from child processes. Asio 1.81 does not: a listener that an agent's process has
// inherited would hold the port long after the gateway has gone.
#pragma once

#include <fcntl.h>

namespace hermes::base {

inline void close_on_exec(int descriptor) noexcept {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

}  // namespace hermes::base
