// Brings the files of a message into the store ahead of the message: a chunk at a time, and the
// chats in turn, so that a large file is noticed neither in memory nor by the commits of others,
// and keeps nobody else's waiting. In a chat the order stays: what comes behind a message with
// files waits until they are in.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/files/files.hpp"
#include "durable/outbox/outbox.hpp"

namespace hermes::durable {

class FileIntake {
public:
    using Then = base::MoveOnlyFunction<void(base::Result<NewMessage>)>;

    // Both outlive the last task of `beside`, where files are read, as this object does.
    FileIntake(base::EventLoop& beside, Files& files);
    ~FileIntake();
    FileIntake(const FileIntake&) = delete;
    FileIntake& operator=(const FileIntake&) = delete;

    // Whether a message to that chat has to wait for one that is not in yet.  [any]
    bool holds_up(const NewMessage& message) const;

    // Calls `then` beside the loop, with the message whose parts name what is stored, or with why
    // the store does not take it.  [any]
    void bring_in(NewMessage message, std::vector<NewFile> files, Then then);

    // Returns when all that has been brought is in, or at `deadline`.  [not beside]
    void wait(std::chrono::steady_clock::time_point deadline);
    // After `beside` has stopped: what is not in yet is told StateError::stopped.
    void end();

private:
    struct Errand;
    // Of an account and a chat; the first is being brought in.
    using Lane = std::deque<std::unique_ptr<Errand>>;

    // All of these beside the loop.
    void arrived(std::unique_ptr<Errand> errand);
    void next();
    void advance(Lane& lane);
    void write(Lane& lane, std::string chunk);
    void written(boost::system::error_code error);
    void finish(Lane& lane, boost::system::error_code error);

    base::EventLoop& beside_;
    Files& files_;
    std::map<std::string, Lane> lanes_;
    std::deque<Lane*> waiting_;  // whose turn is next is in front
    Lane* writing_ = nullptr;    // whose chunk is being written

    mutable std::mutex mutex_;  // guards open_
    std::condition_variable idle_;
    std::map<std::string, std::size_t> open_;  // messages that are not in yet, by lane
};

}  // namespace hermes::durable
