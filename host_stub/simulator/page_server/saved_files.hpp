// The files that members have sent, as a saved scenario has them beside it. Pure.
#pragma once

#include <string>
#include <vector>

#include "simulator/page_server/tar_archive.hpp"
#include "simulator/wecom/media_shelf.hpp"

namespace hermes::host::simulator {

class SavedFiles {
public:
    explicit SavedFiles(std::string folder) : folder_(std::move(folder)) {}

    // Where it is from now on, relative to the scenario; what was sent twice is there once. Its
    // name stays, as far as it can be one of a file anywhere: the agent is told it.
    std::string add(const Media& media);

    const std::vector<ArchivedFile>& files() const noexcept { return files_; }

private:
    const std::string folder_;
    std::vector<ArchivedFile> files_;
};

// `text` without what no file's name can have anywhere, and of a length that fits.
std::string safe_file_name(std::string_view text);

}  // namespace hermes::host::simulator
