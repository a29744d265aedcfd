// One file of a message on its way out: as what it can go, or why not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "durable/files/file.hpp"
#include "hermes/message.hpp"
#include "protocol/media.hpp"

namespace hermes::wecom {

// Of one message. WeCom has no limit, but each is a message of its own, of 30 a minute.
inline constexpr std::size_t attachments_max = 20;

struct OutgoingFile {
    enum class Problem { none, unreadable, too_small, too_large };

    std::string name;         // as members see it: media_name
    std::uint64_t bytes = 0;  // as far as it is known
    MediaKind kind = MediaKind::file;
    Problem problem = Problem::none;
    std::string why{};       // it can't be read, for the operator
    std::string media_id{};  // what WeCom has already needs no source
    std::unique_ptr<durable::FileSource> source{};
};

// Opens the file, and looks into it as far as its kind asks for. Reads the disk.
OutgoingFile open_file(const Attachment& attachment);

// Those of a message, in their order. What can't be sent is said to the operator here, and to the
// member in the plan.
std::vector<OutgoingFile> open_files(const OutboundMessage& message, const base::Log& log);

// A file that is made of a text, in Markdown. `title` may be anything.
OutgoingFile markdown_file(std::string_view title, std::string text);

}  // namespace hermes::wecom
