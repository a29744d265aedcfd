#include "agents/named_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "base/iso_media.hpp"

namespace hermes::host {
namespace {

constexpr std::string_view media_mark = "MEDIA:";

constexpr std::array<std::pair<std::string_view, MessageKind>, 12> kinds_by_suffix{{
    {".jpg", MessageKind::image},
    {".jpeg", MessageKind::image},
    {".png", MessageKind::image},
    {".gif", MessageKind::image},
    {".webp", MessageKind::image},
    {".bmp", MessageKind::image},
    {".amr", MessageKind::voice},
    {".ogg", MessageKind::voice},
    {".opus", MessageKind::voice},
    {".mp4", MessageKind::video},
    {".mov", MessageKind::video},
    {".webm", MessageKind::video},
}};

// Sound alone and pictures (HEIC) are of the same family.
bool is_video(std::string_view beginning) {
    constexpr std::string_view brands[] = {"iso", "mp4", "avc1", "M4V", "dash", "MSNV", "qt", "3g"};
    return base::is_of_brand(beginning, brands);
}

}  // namespace

std::optional<std::string_view> media_path(std::string_view line) {
    line = base::trim(line);
    if (!line.starts_with(media_mark)) {
        return std::nullopt;
    }
    line = base::trim(line.substr(media_mark.size()));
    return line.starts_with('/') ? std::optional(line) : std::nullopt;
}

std::string without_media_lines(std::string_view text,
                                const std::function<bool(std::string_view path)>& take) {
    std::string rest;
    bool has_taken = false;
    while (!text.empty()) {
        const auto newline = text.find('\n');
        const auto line = text.substr(0, newline == std::string_view::npos ? newline : newline + 1);
        text.remove_prefix(line.size());
        const auto path = media_path(line);
        if (path && take(*path)) {
            has_taken = true;
        } else {
            rest += line;
        }
    }
    if (has_taken) {
        rest.erase(rest.find_last_not_of(" \t\r\n") + 1);
    }
    return rest;
}

MessageKind kind_of_file(std::string_view name, std::string_view beginning) {
    if (beginning.starts_with("\xFF\xD8\xFF") || beginning.starts_with("\x89PNG\r\n")) {
        return MessageKind::image;
    }
    if (beginning.starts_with("#!AMR\n")) {
        return MessageKind::voice;
    }
    if (is_video(beginning)) {
        return MessageKind::video;
    }
    const auto dot = name.rfind('.');
    const auto suffix = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
    const auto* const found = std::find_if(
        kinds_by_suffix.begin(), kinds_by_suffix.end(),
        [&](const auto& entry) { return base::equal_ignoring_case(suffix, entry.first); });
    return found == kinds_by_suffix.end() ? MessageKind::file : found->second;
}

}  // namespace hermes::host
