#pragma once

#include <sys/resource.h>

namespace hermes::host {

// Services and shells give a process 1024 descriptors and allow it many more, which a gateway with
// many connections needs. Returns the limit as it was: children that use select(2) rely on it.
inline rlimit raise_descriptor_limit() noexcept {
    rlimit before{};
    if (::getrlimit(RLIMIT_NOFILE, &before) == 0) {
        rlimit raised = before;
        raised.rlim_cur = raised.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &raised);
    }
    return before;
}

}  // namespace hermes::host
