// What a platform can do, so that a host adapts instead of guessing.
#pragma once

#include <cstddef>
#include <vector>

#include "hermes/message.hpp"

namespace hermes {

struct Capabilities {
    std::vector<MessageKind> inbound;   // kinds that events may have
    std::vector<MessageKind> outbound;  // kinds that can be sent
    bool streaming = false;             // a sent message can be edited while the agent writes
    bool typing = false;                // "is typing" can be shown
    bool markdown = false;              // the member sees Markdown as formatting
    bool redelivery = false;            // unsettled events come again after a restart
    bool splits_long_text = false;      // text of any length may be given to send
    std::size_t text_bytes_max = 0;     // one message on the platform, in bytes of UTF-8
};

}  // namespace hermes
