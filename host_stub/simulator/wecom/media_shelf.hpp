// The media that were uploaded or sent by members, in memory. WeCom doc 90253 (upload), 90254
// (get).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hermes::host::simulator {

// WeCom doc 90253: a temporary media file can be had for three days.
inline constexpr std::chrono::hours media_lifetime{72};

struct Media {
    std::string type{};     // image, voice, video, file
    std::string corp_id{};  // whose app has uploaded it, for no other; empty: a member sent it
    std::string file_name{};
    std::string content_type{};
    std::string bytes{};
    base::WallTime stored_at{};
    std::string said_length{};  // the `filelength` of its upload, as it was sent
};

// The `media` part of a multipart/form-data body; nothing if there is none.
std::optional<Media> parse_media_upload(std::string_view content_type, std::string_view body);

inline constexpr std::size_t megabyte = 1'000'000;  // as WeCom counts
inline constexpr std::size_t media_bytes_min = 6;   // WeCom doc 90253: more than 5 bytes
// Of image, voice, video, file; 0: there is no such type.
std::size_t media_bytes_max(std::string_view type) noexcept;

// 0, or the code that WeCom answers for so many bytes of that type.
int check_media_size(std::string_view type, std::size_t bytes) noexcept;
// The same for an upload of that type: size and format have to fit. WeCom
// says MB and not of what: the smaller ones here, so that who fits here fits there.
int check_media(std::string_view type, const Media& media) noexcept;

// Holds the newest files, up to a fixed total.
class MediaShelf {
public:
    void put(const std::string& media_id, Media media);
    // For an app of that corp.
    const Media* find(std::string_view media_id, std::string_view corp_id,
                      base::WallTime now) const;
    const Media* find(std::string_view media_id, base::WallTime now) const;

private:
    std::map<std::string, Media, std::less<>> media_;
    std::deque<std::string> oldest_first_;
    std::size_t bytes_ = 0;
};

}  // namespace hermes::host::simulator
