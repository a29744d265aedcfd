// A process that may have no more threads, as at a limit of its control group.
//
// Takes the place of pthread_create in the whole program: to be included by one file of it.
#pragma once

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>

namespace hermes::test {

inline std::atomic<bool> threads_are_refused{false};

// While it lives, this process starts no thread.
class NoThreads {
public:
    NoThreads() { threads_are_refused = true; }
    ~NoThreads() { threads_are_refused = false; }
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;
};

}  // namespace hermes::test

extern "C" __attribute__((visibility("default"))) int pthread_create(
    pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
    void* argument) noexcept {
    static const auto real =
        reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
    return hermes::test::threads_are_refused ? EAGAIN : real(thread, attributes, run, argument);
}
