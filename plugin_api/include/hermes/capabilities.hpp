// What a platform can do, so that a host adapts instead of guessing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hermes/message.hpp"

namespace hermes {

// One kind of attachment, which is image, voice, video or file.
struct AttachmentLimit {
    MessageKind kind = MessageKind::file;
    std::uint64_t bytes_max = 0;  // of one file; more than 0

    friend bool operator==(const AttachmentLimit&, const AttachmentLimit&) = default;
};

struct Capabilities {
    std::vector<MessageKind> inbound;   // kinds that events may have
    std::vector<MessageKind> outbound;  // kinds that can be sent
    bool streaming = false;             // a sent message can be edited while the agent writes
    bool typing = false;                // "is typing" can be shown
    bool markdown = false;              // the member sees Markdown as formatting
    bool redelivery = false;            // unsettled events come again after a restart
    bool splits_long_text = false;      // text of any length may be given to send
    std::size_t text_bytes_max = 0;     // one message on the platform, in bytes of UTF-8

    // Each kind once. Empty: none of that direction.
    std::vector<AttachmentLimit> attachments_in{};   // events bring the file, up to that size
    std::vector<AttachmentLimit> attachments_out{};  // a message may carry it
    std::size_t attachments_max = 0;                 // of one message; 0: none
    std::size_t choices_max = 0;                     // of one question; 0: nothing can be asked
    std::size_t choice_label_bytes_max = 0;          // in bytes of UTF-8

    friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

}  // namespace hermes
