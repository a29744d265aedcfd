#include "durable/media/file_intake.hpp"

#include <utility>

#include "durable/database/state_error.hpp"
#include "durable/files/content_digest.hpp"

namespace hermes::durable {

namespace {

std::string lane_of(const NewMessage& message) {
    return message.account + '\n' + message.chat;
}

}  // namespace

// One message on its way.
struct FileIntake::Errand {
    std::string lane;
    NewMessage message;
    std::vector<NewFile> files;
    Then then;
    std::size_t file = 0;  // which is being read; as many as there are: all are in
    StoredFile stored{};   // what it has come to so far
    int chunks = 0;
    ContentDigest digest{};

    // The file is in, or can't be read.
    void end_file(bool is_whole) {
        auto& ended = files[file++];
        auto& part = message.parts[ended.part];
        if (is_whole && chunks > 0) {
            stored.name = std::move(ended.name);
            stored.digest = digest.take();
            part.file = std::move(stored);
        } else {
            part.do_without_file();
        }
        ended.source.reset();
        stored = {};
        chunks = 0;
        digest = {};
    }
};

FileIntake::FileIntake(base::EventLoop& beside, Files& files) : beside_(beside), files_(files) {}

FileIntake::~FileIntake() = default;

bool FileIntake::holds_up(const NewMessage& message) const {
    const std::lock_guard lock(mutex_);
    return !open_.empty() && open_.contains(lane_of(message));
}

void FileIntake::bring_in(NewMessage message, std::vector<NewFile> files, Then then) {
    auto lane = lane_of(message);
    {
        const std::lock_guard lock(mutex_);
        ++open_[lane];
    }
    auto errand = std::make_unique<Errand>(
        Errand{std::move(lane), std::move(message), std::move(files), std::move(then)});
    beside_.post([this, errand = std::move(errand)]() mutable { arrived(std::move(errand)); });
}

void FileIntake::wait(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    idle_.wait_until(lock, deadline, [this] { return open_.empty(); });
}

void FileIntake::end() {
    waiting_.clear();
    while (!lanes_.empty()) {
        finish(lanes_.begin()->second, StateError::stopped);
    }
}

void FileIntake::arrived(std::unique_ptr<Errand> errand) {
    auto& lane = lanes_[errand->lane];
    lane.push_back(std::move(errand));
    if (lane.size() == 1) {
        waiting_.push_back(&lane);
        next();
    }
}

void FileIntake::next() {
    while (writing_ == nullptr && !waiting_.empty()) {
        auto& lane = *waiting_.front();
        waiting_.pop_front();
        advance(lane);
    }
}

// Up to the next chunk, or to the end of the message.
void FileIntake::advance(Lane& lane) {
    auto& errand = *lane.front();
    while (errand.file < errand.files.size()) {
        auto chunk = errand.files[errand.file].source->read(file_chunk_bytes);
        if (chunk && !chunk->empty()) {
            write(lane, std::move(*chunk));
            return;
        }
        errand.end_file(chunk.has_value());
    }
    finish(lane, {});
}

void FileIntake::write(Lane& lane, std::string chunk) {
    auto& errand = *lane.front();
    if (errand.chunks == 0) {
        errand.stored.id = files_.next_id();
    }
    errand.stored.bytes += chunk.size();
    errand.digest.add(chunk);
    writing_ = &lane;
    files_.write(errand.stored.id, errand.chunks++, std::move(chunk),
                 [this](boost::system::error_code error) {
                     beside_.post([this, error] { written(error); });
                 });
}

void FileIntake::written(boost::system::error_code error) {
    auto& lane = *std::exchange(writing_, nullptr);
    if (error && error != StateError::refused) {
        finish(lane, error);
    } else {
        if (error) {  // what came before of it is not there any more
            lane.front()->end_file(false);
        }
        waiting_.push_back(&lane);
    }
    next();
}

// The first message of the lane is in, or never will be.
void FileIntake::finish(Lane& lane, boost::system::error_code error) {
    const auto errand = std::move(lane.front());
    lane.pop_front();
    if (lane.empty()) {
        lanes_.erase(errand->lane);
    } else {
        waiting_.push_back(&lane);
    }
    if (error) {
        errand->then(error);
    } else {
        errand->then(std::move(errand->message));
    }
    const std::lock_guard lock(mutex_);
    if (const auto open = open_.find(errand->lane); --open->second == 0) {
        open_.erase(open);
    }
    idle_.notify_all();
}

}  // namespace hermes::durable
