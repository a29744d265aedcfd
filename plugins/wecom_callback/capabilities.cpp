#include "capabilities.hpp"

#include "outgoing/outgoing_file.hpp"
#include "outgoing/question.hpp"
#include "protocol/api_json.hpp"

namespace hermes::wecom {

Capabilities capabilities_of(const Settings& settings) {
    Capabilities can;
    can.inbound = {MessageKind::text,  MessageKind::image, MessageKind::voice,
                   MessageKind::video, MessageKind::file,  MessageKind::location,
                   MessageKind::link,  MessageKind::event, MessageKind::choice};
    can.outbound = {MessageKind::text, MessageKind::image, MessageKind::voice, MessageKind::video,
                    MessageKind::file};
    can.attachments_out = {
        {MessageKind::image, media_bytes_max(MediaKind::image)},
        {MessageKind::voice, media_bytes_max(MediaKind::voice)},
        {MessageKind::video, media_bytes_max(MediaKind::video)},
        {MessageKind::file, media_bytes_max(MediaKind::file)},
    };
    can.attachments_max = attachments_max;
    can.choices_max = choices_max;
    can.choice_label_bytes_max = choice_label_bytes_max;
    can.splits_long_text = true;
    can.text_bytes_max = message_bytes_max;
    for (const auto& app : *settings.apps) {
        can.markdown = can.markdown || app->reply_format == MessageFormat::markdown;
    }
    return can;
}

}  // namespace hermes::wecom
