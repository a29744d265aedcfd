// The files that come with events: fetched before the hand-over, kept until nobody needs them.
//
//   gather    an event's files are fetched, a bounded number at a time, into a private folder
//   failure   tried again with growing waits, while the event waits
//   too late  the event goes without the file, with what kept it away
//   restart   what is whole is used, everything else is begun anew
//   clean     a file goes when it is old or the disk is short, never before its event is settled
//
// It lives on the loop. Whatever waits for the disk is done on a thread of its own; no more of a
// file is in memory than one piece.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/log.hpp"
#include "durable/inbox/inbox.hpp"
#include "durable/media/fetcher.hpp"
#include "durable/media/media_folder.hpp"
#include "durable/store/store.hpp"

namespace hermes::durable {

struct IncomingFilesOptions {
    std::string folder{};                    // absolute
    std::chrono::milliseconds wait{60'000};  // of an event for all of its files
    std::uint64_t bytes_max = 100'000'000;   // of a file
    std::chrono::seconds keep{7 * 24 * 3600};
    std::size_t at_once = 32;         // files that are being fetched
    std::size_t at_once_account = 8;  // likewise, so that one account's trouble is its own
    std::chrono::milliseconds cleaning_interval{600'000};
    base::Clock clock = base::system_clock();
    base::Log log{[](base::Severity, std::string_view) {}};
    // A file of an event is here, or it goes without it. On the loop; may be empty.
    std::function<void(const EventFile&)> on_file{};
};

class IncomingFiles {
public:
    // All outlive this, the fetcher its last Done. Throws std::runtime_error, with what is wrong
    // with the folder.
    IncomingFiles(base::EventLoop& loop, Store& store, Fetcher& fetcher,
                  IncomingFilesOptions options);
    ~IncomingFiles() { stop(); }
    IncomingFiles(const IncomingFiles&) = delete;
    IncomingFiles& operator=(const IncomingFiles&) = delete;

    // Completes event.files, one for each reference, and calls `ready` with the event: on the loop,
    // within options.wait or little more; not at all once this stops.  [loop]
    void gather(StoredEvent event, std::vector<std::string> references, Inbox::Ready ready);

    // Where these files are read and written.  [any]
    base::EventLoop& disk() noexcept { return disk_; }

    // Nothing is begun any more, and what is under way is given up.  [loop]
    void give_up();
    // After that, and once no fetch is under way: removes what was begun. May be called again.
    // [not the loop]
    void stop() noexcept { disk_.stop(); }

private:
    struct Gathering;
    struct Writing;
    struct Download;
    using DownloadPtr = std::shared_ptr<Download>;

    void look_up(const DownloadPtr& download);
    void enqueue(const DownloadPtr& download);
    void start_waiting();
    void begin(const DownloadPtr& download);
    void fetch(const DownloadPtr& download);
    void fetched(const DownloadPtr& download, Fetched result);
    void concluded(const DownloadPtr& download, EventFile file);
    void try_again(const DownloadPtr& download, EventFile failed);
    void put(const DownloadPtr& download, EventFile file);
    void time_over(const std::shared_ptr<Gathering>& gathering);
    void remember(const Download& download, const EventFile& file);
    void clean();
    void clean(std::vector<MediaEntry> entries, std::vector<std::int64_t> needed);

    base::EventLoop& loop_;
    Store& store_;
    Fetcher& fetcher_;
    const IncomingFilesOptions options_;
    const MediaFolder folder_;
    bool given_up_ = false;
    std::unordered_set<std::shared_ptr<Gathering>> gatherings_;
    std::deque<DownloadPtr> waiting_;
    std::size_t under_way_ = 0;
    std::unordered_map<std::string, std::size_t> under_way_of_;  // by account
    bool cleaning_ = false;
    base::EventLoop::TimerId next_cleaning_;
    base::EventLoop disk_;  // last: its thread uses the above
};

}  // namespace hermes::durable
