// Threads that are started as they are needed, by whoever hands out work to several.
#pragma once

#include <cstddef>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace hermes::base {

// One more that runs `work`, if there may be. False if there is none at all: a process may have as
// many as its control group lets it. What is handed out then waits for those that there are.
template <typename Work>
bool provide_thread(std::vector<std::jthread>& threads, std::size_t most, Work work) {
    if (threads.size() < most) {
        try {
            threads.emplace_back(std::move(work));
        } catch (const std::system_error&) {
        }
    }
    return !threads.empty();
}

}  // namespace hermes::base
