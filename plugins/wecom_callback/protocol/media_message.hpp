// The body of message/send for what is no text. WeCom doc 90236.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/identity.hpp"
#include "protocol/media.hpp"
#include "protocol/recipient.hpp"

namespace hermes::wecom {

// With an empty id: the request as it waits until its file has been uploaded.
std::string format_media_send(const Recipient& to, const AgentId& agent, MediaKind kind,
                              std::string_view media_id = {});

// What kind of file such a request sends; nothing for any other request.
std::optional<MediaKind> media_kind_of(std::string_view request);

// The same request for that file, which may be of another kind.
std::string with_media(const std::string& request, MediaKind kind, std::string_view media_id);

}  // namespace hermes::wecom
