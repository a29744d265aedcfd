#include "agents/pictures.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "http/base64.hpp"

namespace hermes::host {
namespace {

constexpr std::array<std::string_view, 4> types{"image/jpeg", "image/png", "image/gif",
                                                "image/webp"};

// Nothing if it has more bytes than that, or can't be read.
std::optional<std::string> read_file(const std::string& path, std::uint64_t bytes_max) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    std::array<char, 64UL * 1024> piece{};
    while (file.read(piece.data(), piece.size()), file.gcount() > 0) {
        bytes.append(piece.data(), static_cast<std::size_t>(file.gcount()));
        if (bytes.size() > bytes_max) {
            return std::nullopt;
        }
    }
    return bytes.empty() ? std::nullopt : std::optional(std::move(bytes));
}

}  // namespace

Pictures pictures_of(const MessageEvent& event) {
    Pictures pictures;
    auto left = pictures_bytes_max;
    for (const auto& attachment : event.attachments) {
        if (attachment.path.empty() ||
            std::ranges::find(types, attachment.mime_type) == types.end()) {
            continue;
        }
        const auto bytes = read_file(attachment.path, std::min(left, picture_bytes_max));
        if (!bytes) {
            pictures.note = " [a picture is too large to be shown, or cannot be read]";
            continue;
        }
        left -= bytes->size();
        pictures.urls.push_back("data:" + attachment.mime_type + ";base64," + http::base64(*bytes));
    }
    return pictures;
}

}  // namespace hermes::host
