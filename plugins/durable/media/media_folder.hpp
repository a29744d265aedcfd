// The folder in which the files of events are kept, private to this user.
//
// A file is written under a name of its own ending in `.part` and renamed when it is whole and
// synced. Names are ours: `<seq of the event>-<random digits>.<suffix>`; what is named otherwise in
// that folder is not touched. Everything here waits for the disk.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "durable/media/media_retention.hpp"

namespace hermes::durable {

// A file that is being written. Gone with its object unless it has been completed.
class PartialFile {
public:
    PartialFile(std::string stem, base::UniqueFd file) noexcept
        : stem_(std::move(stem)), file_(std::move(file)) {}
    PartialFile(PartialFile&&) noexcept = default;
    PartialFile& operator=(PartialFile&&) = delete;
    ~PartialFile();

    boost::system::error_code append(std::string_view bytes);
    // Its path, once it is whole under its name.
    base::Result<std::string> complete(std::string_view suffix);
    std::uint64_t size() const noexcept { return size_; }

private:
    std::string stem_;  // its path, up to the suffix
    base::UniqueFd file_;
    std::uint64_t size_ = 0;
};

struct DiskSpace {
    std::uint64_t free = 0;  // for us
    std::uint64_t total = 0;
};

class MediaFolder {
public:
    explicit MediaFolder(std::string path) : path_(std::move(path)) {}

    // Makes the folder if there is none, for this user alone, and tries to write into it. Returns
    // what is wrong and what to do, empty if nothing is.
    static std::string open_problem(const std::string& path);
    // What open_problem would say of it, as far as that can be known without changing anything.
    static std::string foreseen_problem(const std::string& path);
    // Likewise of one that others may look into; empty if there is none.
    static std::string privacy_problem(const std::string& path);

    const std::string& path() const noexcept { return path_; }
    base::Result<PartialFile> begin(std::int64_t seq) const;  // FetchError
    // The path of a file of that name, if it is there and has that size.
    std::optional<std::string> find(const std::string& name, std::uint64_t size) const;
    std::vector<MediaEntry> list() const;
    DiskSpace space() const;
    void remove(const std::string& name) const;

private:
    std::string path_;
};

}  // namespace hermes::durable
