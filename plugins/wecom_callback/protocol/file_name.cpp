#include "protocol/file_name.hpp"

#include <algorithm>
#include <boost/url/pct_string_view.hpp>
#include <optional>
#include <utility>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

constexpr std::size_t kept_suffix_bytes_max = 20;

// Takes what is before the next `;` that is not in quotation marks.
std::string_view take_parameter(std::string_view& rest) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
        if (rest[end] == '"') {
            quoted = !quoted;
        } else if (quoted && rest[end] == '\\') {
            ++end;
        }
    }
    const auto parameter = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return parameter;
}

std::string unquoted(std::string_view value) {
    if (!value.starts_with('"')) {
        return std::string(value);
    }
    std::string text;
    for (std::size_t i = 1; i < value.size() && value[i] != '"'; ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) {
            ++i;
        }
        text += value[i];
    }
    return text;
}

// RFC 8187: utf-8'language'percent-encoded. Nothing if it is not that.
std::optional<std::string> extended(std::string_view value) {
    const auto charset = value.find('\'');
    const auto language =
        charset == std::string_view::npos ? charset : value.find('\'', charset + 1);
    if (language == std::string_view::npos ||
        !base::equal_ignoring_case(value.substr(0, charset), "utf-8")) {
        return std::nullopt;
    }
    const auto encoded = boost::urls::make_pct_string_view(value.substr(language + 1));
    if (!encoded) {
        return std::nullopt;
    }
    auto text = encoded->decode();
    return base::is_utf8(text) ? std::optional(std::move(text)) : std::nullopt;
}

// A long name loses its middle rather than its suffix.
std::string shortened(const std::string& name) {
    if (name.size() <= file_name_bytes_max) {
        return name;
    }
    const auto dot = name.rfind('.');
    const auto suffix = dot == std::string::npos || name.size() - dot > kept_suffix_bytes_max
                            ? std::string()
                            : name.substr(dot);
    return std::string(base::utf8_prefix(name, file_name_bytes_max - suffix.size())) + suffix;
}

}  // namespace

std::string clean_file_name(std::string_view name) {
    std::string clean;
    for (const char c : base::to_valid_utf8(name)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '/' || c == '\\') {
            clean += '_';
        } else if (byte >= 0x20 && byte != 0x7f) {
            clean += c;
        }
    }
    clean = std::string(base::trim(clean));
    return clean.find_first_not_of('.') == std::string::npos ? std::string() : shortened(clean);
}

std::string file_name_in(std::string_view content_disposition) {
    std::string plain;
    while (!content_disposition.empty()) {
        const auto parameter = take_parameter(content_disposition);
        const auto equals = parameter.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        const auto name = base::trim(parameter.substr(0, equals));
        const auto value = base::trim(parameter.substr(equals + 1));
        if (base::equal_ignoring_case(name, "filename*")) {
            if (const auto text = extended(value)) {
                return clean_file_name(*text);
            }
        } else if (base::equal_ignoring_case(name, "filename") && plain.empty()) {
            plain = clean_file_name(unquoted(value));
        }
    }
    return plain;
}

}  // namespace hermes::wecom
