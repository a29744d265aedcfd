#include "protocol/media_type.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"

namespace hermes::wecom {
namespace {

constexpr std::size_t suffix_length_max = 8;

struct Known {
    std::string_view suffix;
    std::string_view mime_type;
};

// The first of a type is the suffix that it is given.
constexpr std::array known{
    Known{"jpg", "image/jpeg"},
    Known{"jpeg", "image/jpeg"},
    Known{"jpg", "image/jpg"},
    Known{"png", "image/png"},
    Known{"gif", "image/gif"},
    Known{"webp", "image/webp"},
    Known{"bmp", "image/bmp"},
    Known{"heic", "image/heic"},
    Known{"heif", "image/heif"},
    Known{"avif", "image/avif"},
    Known{"amr", "audio/amr"},
    Known{"amr", "voice/amr"},  // as WeCom calls it, doc 91054
    Known{"mp3", "audio/mpeg"},
    Known{"wav", "audio/wav"},
    Known{"ogg", "audio/ogg"},
    Known{"m4a", "audio/mp4"},
    Known{"speex", "audio/x-speex"},
    Known{"mp4", "video/mp4"},
    Known{"mov", "video/quicktime"},
    Known{"pdf", "application/pdf"},
    Known{"zip", "application/zip"},
    Known{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Known{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Known{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    Known{"doc", "application/msword"},
    Known{"xls", "application/vnd.ms-excel"},
    Known{"ppt", "application/vnd.ms-powerpoint"},
    Known{"txt", "text/plain"},
    Known{"md", "text/markdown"},
    Known{"csv", "text/csv"},
    Known{"html", "text/html"},
    Known{"xml", "application/xml"},
    Known{"json", "application/json"},
};

struct Signature {
    std::size_t at;
    std::string_view bytes;
    std::string_view suffix;
};

using namespace std::string_view_literals;

constexpr std::array signatures{
    Signature{0, "\xff\xd8\xff"sv, "jpg"}, Signature{0, "\x89PNG\r\n\x1a\n"sv, "png"},
    Signature{0, "GIF8"sv, "gif"},         Signature{8, "WEBP"sv, "webp"},
    Signature{0, "#!AMR"sv, "amr"},        Signature{0, "#!SILK"sv, "silk"},
    Signature{0, "OggS"sv, "ogg"},         Signature{0, "ID3"sv, "mp3"},
    Signature{0, "\xff\xfb"sv, "mp3"},     Signature{0, "\xff\xf3"sv, "mp3"},
    Signature{0, "\xff\xf2"sv, "mp3"},     Signature{8, "WAVE"sv, "wav"},
    Signature{4, "ftyphei"sv, "heic"},     Signature{4, "ftyphev"sv, "heic"},
    Signature{4, "ftypmif1"sv, "heif"},    Signature{4, "ftypmsf1"sv, "heif"},
    Signature{4, "ftypavi"sv, "avif"},     Signature{4, "ftypM4A"sv, "m4a"},
    Signature{4, "ftypqt"sv, "mov"},       Signature{4, "moov"sv, "mov"},
    Signature{4, "mdat"sv, "mov"},         Signature{4, "wide"sv, "mov"},
    Signature{4, "ftyp"sv, "mp4"},         Signature{0, "%PDF-"sv, "pdf"},
    Signature{0, "BM"sv, "bmp"},
};

MediaType type_of_suffix(std::string_view suffix) {
    const auto found = std::ranges::find(known, suffix, &Known::suffix);
    return {std::string(found == known.end() ? "application/octet-stream" : found->mime_type),
            std::string(suffix)};
}

// Whether it would have shown in the content.
bool is_false(std::string_view suffix) {
    const auto type = type_of_suffix(suffix).mime_type;
    return std::ranges::any_of(signatures, [&](const Signature& one) {
        return type_of_suffix(one.suffix).mime_type == type && type != "application/octet-stream";
    });
}

std::string_view suffix_by_content(std::string_view beginning) {
    for (const auto& [at, bytes, suffix] : signatures) {
        if (beginning.size() > at && beginning.substr(at).starts_with(bytes)) {
            return suffix;
        }
    }
    return {};
}

std::string suffix_by_name(std::string_view file_name) {
    const auto dot = file_name.rfind('.');
    if (dot == std::string_view::npos) {
        return {};
    }
    auto suffix = base::lower(file_name.substr(dot + 1));
    const bool fits = !suffix.empty() && suffix.size() <= suffix_length_max &&
                      std::ranges::all_of(suffix, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                      });
    return fits ? suffix : std::string();
}

std::string_view suffix_by_content_type(std::string_view content_type) {
    const auto type = base::lower(base::trim(content_type.substr(0, content_type.find(';'))));
    const auto found = std::ranges::find(known, type, &Known::mime_type);
    return found == known.end() ? std::string_view() : found->suffix;
}

}  // namespace

MediaType media_type_of(std::string_view beginning, std::string_view file_name,
                        std::string_view content_type) {
    if (const auto suffix = suffix_by_content(beginning); !suffix.empty()) {
        return type_of_suffix(suffix);
    }
    if (const auto suffix = suffix_by_name(file_name); !suffix.empty() && !is_false(suffix)) {
        return type_of_suffix(suffix);
    }
    if (const auto suffix = suffix_by_content_type(content_type);
        !suffix.empty() && !is_false(suffix)) {
        return type_of_suffix(suffix);
    }
    return type_of_suffix("bin");
}

}  // namespace hermes::wecom
