#include "simulator/page_server/saved_files.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t name_bytes_max = 60;  // leaves room for the folders
constexpr std::size_t ending_bytes_max = 10;

std::string usual_name(const Media& media) {
    if (media.type == "image") {
        return media.bytes.starts_with("\x89PNG") ? "image.png" : "image.jpg";
    }
    return media.type == "voice" ? "voice.amr" : media.type == "video" ? "video.mp4" : "file";
}

bool is_allowed(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f &&
           std::string_view("/\\:*?\"<>|").find(c) == std::string_view::npos;
}

}  // namespace

std::string safe_file_name(std::string_view text) {
    auto name = base::to_valid_utf8(text);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !is_allowed(c); }, '_');
    name.erase(0, name.find_first_not_of(". "));
    if (name.size() <= name_bytes_max) {
        return name;
    }
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string::npos || name.size() - dot > ending_bytes_max
                            ? std::string()
                            : name.substr(dot);
    return std::string(base::utf8_prefix(name, name_bytes_max - ending.size())) + ending;
}

std::string SavedFiles::add(const Media& media) {
    auto name = safe_file_name(media.file_name);
    name = name.empty() ? usual_name(media) : name;
    auto path = folder_ + "/" + name;
    for (int copy = 2;; ++copy) {
        const auto taken = std::find_if(files_.begin(), files_.end(),
                                        [&](const auto& file) { return file.path == path; });
        if (taken == files_.end()) {
            files_.push_back({path, media.bytes});
            return path;
        }
        if (taken->bytes == media.bytes) {
            return path;
        }
        path = folder_ + "/" + std::to_string(copy) + "/" + name;
    }
}

}  // namespace hermes::host::simulator
