#include "simulator/wecom/media_shelf.hpp"

#include "base/iso_media.hpp"
#include "simulator/wecom/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t shelf_bytes_max = 256UL * 1024 * 1024;

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto start = text.find(before);
    if (start == std::string_view::npos) {
        return {};
    }
    const auto rest = text.substr(start + before.size());
    return rest.substr(0, rest.find(after));
}

std::string_view without_quotes(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

// The 20 ms frames of AMR of narrow band; -1: it is none. RFC 4867, 5.
int count_amr_frames(std::string_view bytes) noexcept {
    constexpr std::string_view magic = "#!AMR\n";
    constexpr std::size_t data_bytes[] = {12, 13, 15, 17, 19, 20, 26, 31, 5};
    if (!bytes.starts_with(magic)) {
        return -1;
    }
    int frames = 0;
    for (auto at = magic.size(); at < bytes.size(); ++frames) {
        const auto type = static_cast<unsigned char>(bytes[at]) / 8U % 16U;
        if (type >= std::size(data_bytes) && type != 15) {
            return -1;
        }
        at += 1 + (type == 15 ? 0 : data_bytes[type]);
    }
    return frames;
}

// HEIC pictures and QuickTime's films begin likewise, but for the brand.
bool is_mp4(std::string_view bytes) noexcept {
    constexpr std::string_view brands[] = {"iso", "mp4", "avc1", "M4V", "dash", "MSNV"};
    return base::is_of_brand(bytes, brands);
}

int check_format(std::string_view type, std::string_view bytes) noexcept {
    constexpr int frames_max = 60 * 50;
    if (type == "image") {
        const bool is_picture = bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("\x89PNG");
        return is_picture ? errcode::ok : errcode::invalid_media_type;
    }
    if (type == "video") {
        return is_mp4(bytes) ? errcode::ok : errcode::invalid_media_type;
    }
    if (type == "voice") {
        const auto frames = count_amr_frames(bytes);
        return frames < 0            ? errcode::no_amr
               : frames > frames_max ? errcode::voice_too_long
                                     : errcode::ok;
    }
    return errcode::ok;
}

// The digits that the text begins with.
std::string_view trimmed_number(std::string_view text) {
    return text.substr(0, text.find_first_not_of("0123456789"));
}

}  // namespace

std::optional<Media> parse_media_upload(std::string_view content_type, std::string_view body) {
    const auto boundary = without_quotes(between(content_type, "boundary=", ";"));
    if (boundary.empty()) {
        return std::nullopt;
    }
    const auto delimiter = std::string("--").append(boundary);
    for (auto start = body.find(delimiter); start != std::string_view::npos;) {
        const auto part_start = start + delimiter.size();
        const auto end = body.find(delimiter, part_start);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto part = body.substr(part_start, end - part_start);
        const auto head_end = part.find("\r\n\r\n");
        const auto head = part.substr(0, head_end);
        if (head_end != std::string_view::npos && between(head, "name=\"", "\"") == "media") {
            auto bytes = part.substr(head_end + 4);
            bytes.remove_suffix(std::min<std::size_t>(bytes.size(), 2));  // CRLF of the delimiter
            return Media{
                .type = {},
                .file_name = std::string(between(head, "filename=\"", "\"")),
                .content_type = std::string(between(head, "Content-Type: ", "\r\n")),
                .bytes = std::string(bytes),
                .said_length = std::string(trimmed_number(between(head, "filelength=", "\r\n")))};
        }
        start = end;
    }
    return std::nullopt;
}

std::size_t media_bytes_max(std::string_view type) noexcept {
    return type == "image"   ? 10 * megabyte
           : type == "voice" ? 2 * megabyte
           : type == "video" ? 10 * megabyte
           : type == "file"  ? 20 * megabyte
                             : 0;
}

int check_media_size(std::string_view type, std::size_t bytes) noexcept {
    const auto bytes_max = media_bytes_max(type);
    if (bytes_max == 0) {
        return errcode::invalid_media_type;
    }
    if (bytes == 0) {
        return errcode::empty_file;
    }
    return bytes < media_bytes_min || bytes > bytes_max ? errcode::invalid_media_size : errcode::ok;
}

int check_media(std::string_view type, const Media& media) noexcept {
    const auto bytes = media.bytes.size();
    if (const auto code = check_media_size(type, bytes); code != errcode::ok) {
        return code;
    }
    if (!media.said_length.empty() && media.said_length != std::to_string(bytes)) {
        return errcode::damaged_picture;
    }
    return check_format(type, media.bytes);
}

void MediaShelf::put(const std::string& media_id, Media media) {
    bytes_ += media.bytes.size();
    media_[media_id] = std::move(media);
    oldest_first_.push_back(media_id);
    while (bytes_ > shelf_bytes_max) {
        const auto oldest = media_.find(oldest_first_.front());
        bytes_ -= oldest->second.bytes.size();
        media_.erase(oldest);
        oldest_first_.pop_front();
    }
}

const Media* MediaShelf::find(std::string_view media_id, base::WallTime now) const {
    const auto found = media_.find(media_id);
    if (found == media_.end() || now - found->second.stored_at >= media_lifetime) {
        return nullptr;
    }
    return &found->second;
}

const Media* MediaShelf::find(std::string_view media_id, std::string_view corp_id,
                              base::WallTime now) const {
    const auto* const media = find(media_id, now);
    return media == nullptr || media->corp_id.empty() || media->corp_id == corp_id ? media
                                                                                   : nullptr;
}

}  // namespace hermes::host::simulator
