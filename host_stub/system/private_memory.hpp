#pragma once

#include <sys/prctl.h>

namespace hermes::host {

// What the environment holds of secrets can be read by every process of the same user, and the
// agent's programs are such processes, unless this one may not be looked into. It also leaves no
// core dump. Real separation needs another user for the agent.
inline void keep_memory_private() noexcept {
#if !defined(__SANITIZE_ADDRESS__)  // whose leak check looks into the process
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace hermes::host
