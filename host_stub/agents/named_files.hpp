// The files that an answer names. Pure.
//
// A line of an answer that is `MEDIA:` and an absolute path is Hermes' way to send a file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hermes/message.hpp"

namespace hermes::host {

// The path that the line names; nothing if it is a line like any other.
std::optional<std::string_view> media_path(std::string_view line);

// The text without the lines whose path `take` has taken, in their order. Blank lines that they
// leave at the end go with them.
std::string without_media_lines(std::string_view text,
                                const std::function<bool(std::string_view path)>& take);

// What kind of file it is: by how it begins, else by the suffix of its name.
MessageKind kind_of_file(std::string_view name, std::string_view beginning);
inline constexpr std::size_t telling_bytes = 16;  // that it takes of the beginning

}  // namespace hermes::host
