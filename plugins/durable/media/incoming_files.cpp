#include "durable/media/incoming_files.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/backoff.hpp"
#include "base/failure.hpp"
#include "durable/facts/facts.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/store/retention.hpp"

namespace hermes::durable {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{1'000};
constexpr milliseconds longest_pause{10'000};
constexpr milliseconds shortest_attempt{1'000};
// Nothing that is still being written is that old.
constexpr std::chrono::seconds partial_life{3600};
// So much is to stay free for the store, which is often on the same disk; on a small one, a part.
constexpr std::uint64_t reserve_bytes = 256ULL * 1024 * 1024;
constexpr std::uint64_t reserve_divisor = 20;

constexpr const char* fact_kind = "event_file";

// What is remembered of a whole file: lines of name, size, mime type and the sender's name.
std::string remembered(const EventFile& file) {
    const auto name = file.path.substr(file.path.rfind('/') + 1);
    return name + '\n' + std::to_string(file.size) + '\n' + file.mime_type + '\n' + file.file_name;
}

// `path` is only the name. Nothing if it can't be read.
std::optional<EventFile> recalled(std::string_view text) {
    const auto line = [&text] {
        const auto end = std::min(text.find('\n'), text.size());
        const auto taken = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return taken;
    };
    EventFile file;
    file.path = line();
    const auto size = line();
    const auto* end = size.data() + size.size();
    const auto [stop, error] = std::from_chars(size.data(), end, file.size);
    file.mime_type = line();
    file.file_name = text;
    return error == std::errc() && stop == end ? std::optional(std::move(file)) : std::nullopt;
}

std::string checked_folder(const std::string& folder) {
    auto problem = MediaFolder::open_problem(folder);
    if (!problem.empty()) {
        throw std::runtime_error(problem);
    }
    return folder;
}

}  // namespace

// One event that waits.
struct IncomingFiles::Gathering {
    StoredEvent event;
    Inbox::Ready ready;
    std::vector<DownloadPtr> downloads;
    std::size_t open = 0;  // of which nothing has come yet
    base::SteadyTime until;
    base::EventLoop::TimerId timer;
};

// One file on its way to the disk. Of the disk's thread, but for `abandoned`.
struct IncomingFiles::Writing {
    std::optional<PartialFile> file;
    boost::system::error_code error;
    std::atomic<bool> abandoned{false};

    boost::system::error_code append(const std::string& piece) {
        if (!error && (abandoned || !file)) {
            error = FetchError::too_late;
        }
        if (!error) {
            error = file->append(piece);
        }
        return error;
    }
    // What has come of it, now that its fetch has ended so.
    EventFile conclude(const Fetched& result) {
        EventFile whole{.error = error ? error : result.error,
                        .sentence = error ? error.message() : result.sentence,
                        .file_name = result.file_name,
                        .mime_type = result.mime_type,
                        .size = file ? file->size() : 0};
        if (!whole.error && whole.size == 0) {
            whole.error = FetchError::empty;
        }
        if (!whole.error) {
            auto path = file->complete(result.suffix);
            whole.error = path.has_error() ? path.error() : boost::system::error_code();
            whole.path = path.has_value() ? *std::move(path) : std::string();
        }
        file.reset();
        return whole;
    }
};

struct IncomingFiles::Download {
    std::shared_ptr<Gathering> gathering;
    std::size_t index = 0;  // in event.files
    std::int64_t seq = 0;   // of the event
    std::string account;
    std::string reference;
    int attempts = 0;
    EventFile failed{.error = FetchError::too_late};  // what came of the last one
    bool over = false;                                // it is here, or given up
    std::shared_ptr<Writing> writing;                 // while an attempt is under way

    FactKey fact() const {
        return {fact_kind, account,
                std::to_string(seq) + '/' + std::to_string(index) + '/' + reference};
    }
    base::SteadyTime until() const { return gathering->until; }
};

IncomingFiles::IncomingFiles(base::EventLoop& loop, Store& store, Fetcher& fetcher,
                             IncomingFilesOptions options)
    : loop_(loop),
      store_(store),
      fetcher_(fetcher),
      options_(std::move(options)),
      folder_(checked_folder(options_.folder)) {
    loop_.post([this] { clean(); });
}

void IncomingFiles::gather(StoredEvent event, std::vector<std::string> references,
                           Inbox::Ready ready) {
    if (given_up_) {
        return;
    }
    if (references.empty()) {
        ready(std::move(event));
        return;
    }
    auto gathering = std::make_shared<Gathering>();
    gathering->event = std::move(event);
    gathering->event.files.resize(references.size());
    gathering->ready = std::move(ready);
    gathering->open = references.size();
    gathering->until = loop_.now() + options_.wait;
    gathering->timer = loop_.at(gathering->until, [this, gathering] { time_over(gathering); });
    gatherings_.insert(gathering);
    for (std::size_t index = 0; index < references.size(); ++index) {
        auto download = std::make_shared<Download>();
        download->gathering = gathering;
        download->index = index;
        download->seq = gathering->event.seq;
        download->account = gathering->event.account;
        download->reference = std::move(references[index]);
        gathering->downloads.push_back(download);
        look_up(download);
    }
}

// It may be here since before a restart.
void IncomingFiles::look_up(const DownloadPtr& download) {
    store_.facts().load(download->fact(), [this, download](auto loaded) {
        auto file = loaded && *loaded ? recalled(**loaded) : std::nullopt;
        if (!file) {
            enqueue(download);
            return;
        }
        disk_.post([this, download, file = *std::move(file)]() mutable {
            const auto path = folder_.find(file.path, file.size);
            file.path = path.value_or("");
            loop_.post([this, download, file = std::move(file)]() mutable {
                if (file.path.empty()) {
                    enqueue(download);
                } else {
                    put(download, std::move(file));
                }
            });
        });
    });
}

void IncomingFiles::enqueue(const DownloadPtr& download) {
    if (!download->over) {
        waiting_.push_back(download);
        start_waiting();
    }
}

void IncomingFiles::start_waiting() {
    for (auto next = waiting_.begin();
         next != waiting_.end() && under_way_ < options_.at_once && !given_up_;) {
        if (!(*next)->over && under_way_of_[(*next)->account] >= options_.at_once_account) {
            ++next;
            continue;
        }
        const auto download = std::move(*next);
        next = waiting_.erase(next);
        if (!download->over) {
            begin(download);
        }
    }
}

void IncomingFiles::begin(const DownloadPtr& download) {
    ++under_way_;
    ++under_way_of_[download->account];
    download->writing = std::make_shared<Writing>();
    disk_.post([this, download, writing = download->writing] {
        auto file = folder_.begin(download->seq);
        if (file) {
            writing->file.emplace(*std::move(file));
        } else {
            writing->error = file.error();
        }
        loop_.post([this, download] { fetch(download); });
    });
}

void IncomingFiles::fetch(const DownloadPtr& download) {
    if (download->over || download->writing->error) {
        fetched(download, {.error = FetchError::too_late});
        return;
    }
    // Not all that is left: one that hangs is to be tried again.
    const auto time = (download->until() - loop_.now()) * 2 / 3;
    FileRequest request;
    request.account = download->account;
    request.reference = download->reference;
    request.bytes_max = options_.bytes_max;
    request.time = std::max(std::chrono::ceil<milliseconds>(time), shortest_attempt);
    fetcher_.fetch(
        std::move(request),
        [this, writing = download->writing](std::string piece, auto next) {
            disk_.post([writing, piece = std::move(piece), next = std::move(next)]() mutable {
                next(writing->append(piece) ? Fetcher::Next::give_up : Fetcher::Next::go_on);
            });
        },
        [this, download](Fetched result) {
            loop_.post([this, download, result = std::move(result)]() mutable {
                fetched(download, std::move(result));
            });
        });
}

// What it wrote has been posted to the disk before.
void IncomingFiles::fetched(const DownloadPtr& download, Fetched result) {
    auto writing = std::exchange(download->writing, nullptr);
    disk_.post([this, download, writing, result = std::move(result)] {
        auto file = writing->conclude(result);
        loop_.post([this, download, file = std::move(file)]() mutable {
            concluded(download, std::move(file));
        });
    });
}

void IncomingFiles::concluded(const DownloadPtr& download, EventFile file) {
    --under_way_;
    if (const auto own = under_way_of_.find(download->account); --own->second == 0) {
        under_way_of_.erase(own);
    }
    if (!file.error) {
        remember(*download, file);  // also if it is too late: the event may come again
    }
    if (!file.error || file.error == base::Failure::give_up) {
        put(download, std::move(file));
    } else if (!download->over) {
        try_again(download, std::move(file));
    }
    start_waiting();
}

void IncomingFiles::try_again(const DownloadPtr& download, EventFile failed) {
    if (failed.error == FetchError::disk_full) {
        clean();
    }
    download->failed = std::move(failed);
    ++download->attempts;
    // In vain if the time is over by then.
    loop_.at(loop_.now() + base::backoff(first_pause, download->attempts, longest_pause),
             [this, download] { enqueue(download); });
}

void IncomingFiles::put(const DownloadPtr& download, EventFile file) {
    if (std::exchange(download->over, true)) {
        return;
    }
    const auto gathering = download->gathering;
    if (options_.on_file) {
        options_.on_file(file);
    }
    gathering->event.files[download->index] = std::move(file);
    if (--gathering->open == 0) {
        loop_.cancel(gathering->timer);
        gatherings_.erase(gathering);
        gathering->downloads.clear();
        gathering->ready(std::move(gathering->event));
    }
}

void IncomingFiles::time_over(const std::shared_ptr<Gathering>& gathering) {
    const auto downloads = std::exchange(gathering->downloads, {});
    for (const auto& download : downloads) {
        if (download->writing) {
            download->writing->abandoned = true;
        }
        put(download, std::move(download->failed));
    }
}

void IncomingFiles::remember(const Download& download, const EventFile& file) {
    // As long as the event can come again, by an operator's retry too.
    store_.facts().save(download.fact(), remembered(file),
                        options_.clock() + options_.keep + dead_letter_memory);
}

void IncomingFiles::give_up() {
    given_up_ = true;
    waiting_.clear();
    for (const auto& gathering : std::exchange(gatherings_, {})) {
        loop_.cancel(gathering->timer);
        for (const auto& download : std::exchange(gathering->downloads, {})) {
            download->over = true;
            if (download->writing) {
                download->writing->abandoned = true;
            }
        }
    }
}

void IncomingFiles::clean() {
    if (given_up_ || std::exchange(cleaning_, true)) {
        return;
    }
    disk_.post([this] {
        auto entries = folder_.list();
        store_.read([](Database& database) { return read_events_with_files(database); },
                    [this, entries = std::move(entries)](auto needed) mutable {
                        if (needed) {
                            clean(std::move(entries), *std::move(needed));
                        }
                        cleaning_ = false;
                        loop_.cancel(next_cleaning_);
                        next_cleaning_ =
                            loop_.at(loop_.now() + options_.cleaning_interval, [this] { clean(); });
                    });
    });
}

void IncomingFiles::clean(std::vector<MediaEntry> entries, std::vector<std::int64_t> needed) {
    disk_.post([this, entries = std::move(entries), needed = std::move(needed)]() mutable {
        const auto space = folder_.space();
        const MediaRetention retention{
            .now = options_.clock(),
            .keep = options_.keep,
            .keep_partial = partial_life,
            .free = space.free,
            .reserve = std::min(reserve_bytes, space.total / reserve_divisor)};
        for (const auto& name : files_to_remove(std::move(entries), needed, retention)) {
            folder_.remove(name);
        }
    });
}

}  // namespace hermes::durable
