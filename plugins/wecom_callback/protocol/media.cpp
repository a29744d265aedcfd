#include "protocol/media.hpp"

#include <array>

#include "base/ascii.hpp"
#include "base/file_name.hpp"
#include "base/iso_media.hpp"

namespace hermes::wecom {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

constexpr std::string_view amr_magic = "#!AMR\n";
// RFC 4867, 5.3: bytes of a frame with its header by the type in bits 1 to 4; 0: there is none.
constexpr std::array<std::size_t, 16> amr_frame_bytes{13, 14, 16, 18, 20, 21, 27, 32,
                                                      6,  0,  0,  0,  0,  0,  0,  1};
constexpr int amr_frames_per_second = 50;

bool is_jpeg(std::string_view content) {
    return content.starts_with("\xFF\xD8\xFF");
}

bool is_png(std::string_view content) {
    return content.starts_with("\x89PNG\r\n\x1A\n");
}

// HEIC pictures, QuickTime's films and sound alone are of the same family, but of other brands.
bool is_mp4(std::string_view content) {
    constexpr std::string_view brands[] = {"iso", "mp4", "avc1", "M4V", "dash", "MSNV"};
    return base::is_of_brand(content, brands);
}

bool is_short_voice(std::string_view content) {
    const auto seconds = amr_seconds(content);
    return seconds && *seconds <= voice_seconds_max;
}

// Doc 91054 names these.
std::string_view content_type_of(std::string_view name) {
    const auto suffix = base::lower(base::file_suffix_of(name));
    return suffix == ".png"                        ? "image/png"
           : suffix == ".jpg" || suffix == ".jpeg" ? "image/jpg"
           : suffix == ".amr"                      ? "voice/amr"
           : suffix == ".mp4"                      ? "video/mp4"
                                                   : "application/octet-stream";
}

}  // namespace

std::string_view name_of(MediaKind kind) noexcept {
    switch (kind) {
        case MediaKind::image:
            return "image";
        case MediaKind::voice:
            return "voice";
        case MediaKind::video:
            return "video";
        case MediaKind::file:
            break;
    }
    return "file";
}

std::uint64_t media_bytes_max(MediaKind kind) noexcept {
    switch (kind) {
        case MediaKind::image:
        case MediaKind::video:
            return 10 * megabyte;
        case MediaKind::voice:
            return 2 * megabyte;
        case MediaKind::file:
            break;
    }
    return 20 * megabyte;
}

std::size_t telling_bytes(MediaKind kind) noexcept {
    constexpr std::size_t of_a_head = 16;
    return kind == MediaKind::voice ? static_cast<std::size_t>(media_bytes_max(kind)) : of_a_head;
}

MediaFit fit_media(MediaKind wanted, std::uint64_t bytes, std::string_view beginning) {
    if (bytes > media_bytes_max(wanted)) {
        return {};
    }
    if (wanted == MediaKind::image && is_jpeg(beginning)) {
        return {MediaKind::image, ".jpg"};
    }
    if (wanted == MediaKind::image && is_png(beginning)) {
        return {MediaKind::image, ".png"};
    }
    if (wanted == MediaKind::voice && is_short_voice(beginning)) {
        return {MediaKind::voice, ".amr"};
    }
    if (wanted == MediaKind::video && is_mp4(beginning)) {
        return {MediaKind::video, ".mp4"};
    }
    return {};
}

std::optional<int> amr_seconds(std::string_view content) {
    if (!content.starts_with(amr_magic)) {
        return std::nullopt;
    }
    content.remove_prefix(amr_magic.size());
    int frames = 0;
    while (!content.empty()) {
        const auto type = (static_cast<unsigned char>(content.front()) >> 3U) & 15U;
        const auto bytes = amr_frame_bytes.at(type);
        if (bytes == 0 || bytes > content.size()) {
            return std::nullopt;
        }
        content.remove_prefix(bytes);
        ++frames;
    }
    return (frames + amr_frames_per_second - 1) / amr_frames_per_second;
}

std::string media_name(std::string_view given, std::string_view suffix) {
    return base::shown_file_name(given, media_name_bytes_max, suffix);
}

UploadForm upload_form(std::string_view name, std::uint64_t bytes, std::string_view boundary) {
    const std::string line = "--" + std::string(boundary);
    UploadForm form;
    form.content_type = "multipart/form-data; boundary=" + std::string(boundary);
    // Raw UTF-8: what RFC 5987 and RFC 2047 have for names is shown as it is, or not found.
    form.head = line + "\r\nContent-Disposition: form-data; name=\"media\"; filename=\"" +
                std::string(name) + "\"; filelength=" + std::to_string(bytes) +
                "\r\nContent-Type: " + std::string(content_type_of(name)) + "\r\n\r\n";
    form.tail = "\r\n" + line + "--\r\n";
    return form;
}

}  // namespace hermes::wecom
