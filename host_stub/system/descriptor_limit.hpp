#pragma once

#include <sys/resource.h>

namespace hermes::host {

// Services and shells give a process 1024 descriptors and allow it many more, which a gateway with
// many connections needs. Returns the limit as it was before the first call: children that use
// select(2) rely on it.
inline rlimit raise_descriptor_limit() noexcept {
    static const rlimit before = [] {
        rlimit limit{};
        if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
            rlimit raised = limit;
            raised.rlim_cur = raised.rlim_max;
            ::setrlimit(RLIMIT_NOFILE, &raised);
        }
        return limit;
    }();
    return before;
}

}  // namespace hermes::host
