#include "agents/pictures.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace hermes::host {
namespace {

constexpr std::array<std::string_view, 4> types{"image/jpeg", "image/png", "image/gif",
                                                "image/webp"};

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto count = std::min<std::size_t>(bytes.size() - at, 3);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= count ? digits[group >> (18 - 6 * i) & 63U] : '=';
        }
    }
    return text;
}

// Nothing if it has more bytes than that, or can't be read.
std::optional<std::string> read_file(const std::string& path, std::uint64_t bytes_max) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    std::array<char, 64 * 1024> piece{};
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
        pictures.urls.push_back("data:" + attachment.mime_type + ";base64," + base64(*bytes));
    }
    return pictures;
}

}  // namespace hermes::host
