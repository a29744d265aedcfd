// Events that wait for files, a platform that a test plays, and a folder to look into.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "durable/media/fetcher.hpp"
#include "durable/media/incoming_files.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {

// One attempt at a file, as the platform sees it.
struct Asked {
    durable::FileRequest request;
    durable::Fetcher::Sink sink;
    durable::Fetcher::Done done;

    // Gives it a piece; what it says to that.
    durable::Fetcher::Next give(const std::string& piece) const;
    // All of the file, and that this was all.
    void succeed(const std::string& bytes, durable::Fetched fetched = {.suffix = "jpg"});
    void fail(boost::system::error_code error, std::string sentence = {});
};

class PlayedFetcher final : public durable::Fetcher {
public:
    void fetch(durable::FileRequest request, Sink sink, Done done) override {
        asked.put({std::move(request), std::move(sink), std::move(done)});
    }
    Mailbox<Asked> asked;
};

// Time passes only when it is told to.
class IncomingFilesRig {
public:
    explicit IncomingFilesRig(Place& place, durable::IncomingFilesOptions options = {});
    ~IncomingFilesRig() { stop(); }

    std::string folder() const { return folder_; }
    // The names of what is in the folder, in order.
    std::vector<std::string> names() const;
    // Waits until there are so many.
    bool holds(std::size_t files) const;

    void gather(durable::StoredEvent event, std::vector<std::string> references);
    std::optional<durable::StoredEvent> ready() { return ready_.take(); }
    std::size_t ready_already();
    std::size_t handed_over() const { return ready_.size(); }
    std::optional<Asked> asked() { return fetcher_.asked.take(); }
    // Of what is to be asked for by now.
    std::size_t asked_already();
    void pass(std::chrono::milliseconds time) { place_.clock.advance(time); }
    // All that is under way on the loop and the disk has been done.
    void settle_down();

    durable::Store& store() { return *store_; }
    void stop();
    // As after a restart.
    void restart();

private:
    void start();

    Place& place_;
    durable::IncomingFilesOptions options_;
    std::string folder_;
    Mailbox<durable::StoredEvent> ready_;
    PlayedFetcher fetcher_;
    std::unique_ptr<base::EventLoop> loop_;
    std::unique_ptr<durable::Store> store_;
    std::unique_ptr<durable::IncomingFiles> files_;
};

// An event of `account` that has files.
durable::StoredEvent with_files(std::int64_t seq, const std::string& account = hr);

std::string content(const std::string& path);

}  // namespace hermes::test
