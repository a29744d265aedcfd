#include "system/stop_signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <system_error>

namespace hermes::host {

StopSignals::StopSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    ::sigaddset(&signals_, SIGHUP);
    if (const int error = ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr)) {
        throw std::system_error(error, std::generic_category(), "pthread_sigmask");
    }
}

std::string StopSignals::wait() const {
    int signal = 0;
    while (::sigwait(&signals_, &signal) != 0) {
    }
    return signal == SIGINT ? "SIGINT" : signal == SIGHUP ? "SIGHUP" : "SIGTERM";
}

// It is blocked in every thread, so it stays with the process until somebody waits.
void StopSignals::end_wait() noexcept {
    ::kill(::getpid(), SIGTERM);
}

}  // namespace hermes::host
