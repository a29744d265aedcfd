// Files that members are sent: the kinds that WeCom knows and what fits them. WeCom doc 90253
// (limits), 91054.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::wecom {

enum class MediaKind { image, voice, video, file };

inline constexpr MediaKind media_kinds[] = {MediaKind::image, MediaKind::voice, MediaKind::video,
                                            MediaKind::file};

// As WeCom calls it: "image".
std::string_view name_of(MediaKind kind) noexcept;

// Doc 90253: "more than 5 bytes".
inline constexpr std::uint64_t media_bytes_min = 6;
// Doc 90253 says MB and not whether they are of 10^6 or 2^20 bytes: under the smaller ones either
// is kept to.
std::uint64_t media_bytes_max(MediaKind kind) noexcept;
// Doc 90253: of a voice.
inline constexpr int voice_seconds_max = 60;

// So much of a file's beginning tells whether it fits its kind; of a voice all, as its frames are
// counted.
std::size_t telling_bytes(MediaKind kind) noexcept;

struct MediaFit {
    MediaKind kind = MediaKind::file;
    std::string_view suffix{};  // that names of such files have: ".png"; empty for a file
};
// As what a file goes that its sender calls `wanted`: as that if it fits (JPG and PNG, AMR of up to
// a minute, MP4), otherwise as a file. `beginning`: telling_bytes() of it, or all.
MediaFit fit_media(MediaKind wanted, std::uint64_t bytes, std::string_view beginning);

// How long an AMR file of narrow band plays (RFC 4867, 5), rounded up; nothing if it is none.
std::optional<int> amr_seconds(std::string_view content);

// The name that members see, of at most `media_name_bytes_max`: base::shown_file_name.
std::string media_name(std::string_view given, std::string_view suffix);
// Doc 96219 has it for a sister call; 90253 says nothing.
inline constexpr std::size_t media_name_bytes_max = 128;

// The body of media/upload (doc 90253) around the file: multipart/form-data with one part.
struct UploadForm {
    std::string content_type;
    std::string head;
    std::string tail;
};
// `name`: what media_name has made. `boundary`: letters and digits that are not in the file.
UploadForm upload_form(std::string_view name, std::uint64_t bytes, std::string_view boundary);

}  // namespace hermes::wecom
