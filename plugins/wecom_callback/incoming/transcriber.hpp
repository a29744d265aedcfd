// Has an operator's program turn a voice message into text: whisper.cpp, or anything else.
//
// The program is run without a shell, with the file's path in the place of `{file}`, or as its last
// argument. What it writes to stdout is the text, if it ends with status 0 in time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/move_only_function.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

// One of them is empty.
struct Transcript {
    std::string text{};
    std::string problem{};  // why there is none, for the operator
};

class Transcriber {
public:
    using Then = base::MoveOnlyFunction<void(Transcript)>;

    // So many programs run at a time, at most.
    explicit Transcriber(std::size_t at_once) noexcept : at_once_(at_once) {}
    ~Transcriber() { stop(); }
    Transcriber(const Transcriber&) = delete;
    Transcriber& operator=(const Transcriber&) = delete;

    // `then` is called once, on a thread of this, or at once if there can be none; not at all once
    // this stops.  [any]
    void transcribe(Transcription how, std::string path, Then then);

    // Ends what runs, and the threads. May be called again.
    void stop() noexcept;

private:
    struct Job {
        Transcription how;
        std::string path;
        Then then;
        base::SteadyTime start_by;
    };

    void work(const std::stop_token& stop);

    const std::size_t at_once_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Job> jobs_;  // under mutex_, as is what follows
    bool stopped_ = false;
    std::vector<std::jthread> threads_{};  // last: they use the above
};

}  // namespace hermes::wecom
