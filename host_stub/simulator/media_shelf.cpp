#include "simulator/media_shelf.hpp"

#include "simulator/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t shelf_bytes_max = 256 * 1024 * 1024;

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t media_bytes_min = 6;  // WeCom doc 90253: more than 5 bytes

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
            return Media{.type = {},
                         .file_name = std::string(between(head, "filename=\"", "\"")),
                         .content_type = std::string(between(head, "Content-Type: ", "\r\n")),
                         .bytes = std::string(bytes)};
        }
        start = end;
    }
    return std::nullopt;
}

int check_media(std::string_view type, std::size_t bytes) noexcept {
    const auto bytes_max = type == "image"   ? 10 * mebibyte
                           : type == "voice" ? 2 * mebibyte
                           : type == "video" ? 10 * mebibyte
                           : type == "file"  ? 20 * mebibyte
                                             : 0;
    if (bytes_max == 0) {
        return errcode::invalid_media_type;
    }
    if (bytes == 0) {
        return errcode::empty_file;
    }
    return bytes < media_bytes_min || bytes > bytes_max ? errcode::invalid_media_size : errcode::ok;
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

}  // namespace hermes::host::simulator
