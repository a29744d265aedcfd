// Brings the files of a message into the store ahead of the message: a chunk at a time, and each
// message in its turn, so that a large file is noticed neither in memory nor by the commits of
// others, and keeps no small one waiting.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/files.hpp"
#include "durable/outbox.hpp"

namespace hermes::durable {

class FileIntake {
public:
    using Then = base::MoveOnlyFunction<void(base::Result<NewMessage>)>;

    // Both outlive the last task of `beside`, where files are read, as this object does.
    FileIntake(base::EventLoop& beside, Files& files);
    ~FileIntake();
    FileIntake(const FileIntake&) = delete;
    FileIntake& operator=(const FileIntake&) = delete;

    // Calls `then` beside the loop, with the message whose parts name what is stored, or with why
    // the store does not take it.  [any]
    void bring_in(NewMessage message, std::vector<NewFile> files, Then then);

    // Returns when all that has been brought is in, or at `deadline`.  [not beside]
    void wait(std::chrono::steady_clock::time_point deadline);
    // After `beside` has stopped: what is not in yet is told StateError::stopped.
    void end();

private:
    struct Errand;

    // All of these beside the loop.
    void next();
    void advance(std::unique_ptr<Errand> errand);
    void write(std::unique_ptr<Errand> errand, std::string chunk);
    void written(boost::system::error_code error);
    void finish(std::unique_ptr<Errand> errand, boost::system::error_code error);

    base::EventLoop& beside_;
    Files& files_;
    std::deque<std::unique_ptr<Errand>> waiting_;  // whose turn is next is in front
    std::unique_ptr<Errand> writing_;              // whose chunk is being written

    std::mutex mutex_;  // guards open_
    std::condition_variable idle_;
    std::size_t open_ = 0;  // messages that are not in yet
};

}  // namespace hermes::durable
