#include "durable/file_intake.hpp"

#include <utility>

#include "durable/content_digest.hpp"

namespace hermes::durable {

// One message on its way.
struct FileIntake::Errand {
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
            part.payload = std::move(ended.payload_without);
            part.preview = std::move(ended.preview_without);
        }
        ended.source.reset();
        stored = {};
        chunks = 0;
        digest = {};
    }
};

FileIntake::FileIntake(base::EventLoop& beside, Files& files) : beside_(beside), files_(files) {}

FileIntake::~FileIntake() = default;

void FileIntake::bring_in(NewMessage message, std::vector<NewFile> files, Then then) {
    {
        const std::lock_guard lock(mutex_);
        ++open_;
    }
    auto errand =
        std::make_unique<Errand>(Errand{std::move(message), std::move(files), std::move(then)});
    beside_.post([this, errand = std::move(errand)]() mutable {
        waiting_.push_back(std::move(errand));
        next();
    });
}

void FileIntake::wait(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    idle_.wait_until(lock, deadline, [this] { return open_ == 0; });
}

void FileIntake::end() {
    if (writing_) {
        finish(std::move(writing_), StateError::stopped);
    }
    for (auto& errand : std::exchange(waiting_, {})) {
        finish(std::move(errand), StateError::stopped);
    }
}

void FileIntake::next() {
    while (!writing_ && !waiting_.empty()) {
        auto errand = std::move(waiting_.front());
        waiting_.pop_front();
        advance(std::move(errand));
    }
}

// Up to the next chunk, or to the end of the message.
void FileIntake::advance(std::unique_ptr<Errand> errand) {
    while (errand->file < errand->files.size()) {
        auto chunk = errand->files[errand->file].source->read(file_chunk_bytes);
        if (chunk && !chunk->empty()) {
            write(std::move(errand), std::move(*chunk));
            return;
        }
        errand->end_file(chunk.has_value());
    }
    finish(std::move(errand), {});
}

void FileIntake::write(std::unique_ptr<Errand> errand, std::string chunk) {
    auto& stored = errand->stored;
    if (errand->chunks == 0) {
        stored.id = files_.next_id();
    }
    stored.bytes += chunk.size();
    errand->digest.add(chunk);
    writing_ = std::move(errand);
    files_.write(stored.id, writing_->chunks++, std::move(chunk),
                 [this](boost::system::error_code error) {
                     beside_.post([this, error] { written(error); });
                 });
}

void FileIntake::written(boost::system::error_code error) {
    if (error) {
        finish(std::move(writing_), error);
    } else {
        waiting_.push_back(std::move(writing_));
    }
    next();
}

void FileIntake::finish(std::unique_ptr<Errand> errand, boost::system::error_code error) {
    if (error) {
        errand->then(error);
    } else {
        errand->then(std::move(errand->message));
    }
    const std::lock_guard lock(mutex_);
    --open_;
    idle_.notify_all();
}

}  // namespace hermes::durable
