#include "simulator/wecom/member_message.hpp"

#include <utility>

namespace hermes::host::simulator {

namespace {

constexpr std::string_view card_event = "template_card_event";

class XmlWriter {
public:
    XmlWriter() : text_("<xml>") {}

    // `]]>` would end the section: it is spread over two of them.
    XmlWriter& text(std::string_view name, std::string_view value) {
        open(name);
        text_ += "<![CDATA[";
        static constexpr std::string_view end = "]]>";
        while (true) {
            const auto at = value.find(end);
            if (at == std::string_view::npos) {
                break;
            }
            text_.append(value.substr(0, at + 2)).append("]]><![CDATA[");
            value.remove_prefix(at + 2);
        }
        text_.append(value).append("]]>");
        close(name);
        return *this;
    }

    XmlWriter& raw(std::string_view name, std::string_view value) {
        open(name);
        text_ += value;
        close(name);
        return *this;
    }

    XmlWriter& begin(std::string_view name) {
        open(name);
        return *this;
    }
    XmlWriter& end(std::string_view name) {
        close(name);
        return *this;
    }

    std::string finish() && { return std::move(text_.append("</xml>")); }

private:
    void open(std::string_view name) { text_.append("<").append(name).append(">"); }
    void close(std::string_view name) { text_.append("</").append(name).append(">"); }

    std::string text_;
};

void write_place(XmlWriter& xml, const MemberMessage& message) {
    xml.raw("Location_X", message.latitude).raw("Location_Y", message.longitude);
    xml.raw("Scale", "16").text("Label", message.label);
}

void write_press(XmlWriter& xml, const CardPress& press) {
    xml.text("TaskId", press.task_id).text("CardType", press.card_type);
    xml.text("ResponseCode", press.response_code);
    if (press.question_key.empty()) {
        return;
    }
    xml.begin("SelectedItems").begin("SelectedItem").text("QuestionKey", press.question_key);
    xml.begin("OptionIds");
    for (const auto& option : press.option_ids) {
        xml.text("OptionId", option);
    }
    xml.end("OptionIds").end("SelectedItem").end("SelectedItems");
}

void write_event(XmlWriter& xml, const MemberMessage& message) {
    xml.text("Event", message.event).text("EventKey", message.event_key);
    if (message.event == "scancode_push" || message.event == "scancode_waitmsg") {
        xml.begin("ScanCodeInfo").text("ScanType", "qrcode").text("ScanResult", message.scanned);
        xml.end("ScanCodeInfo");
    } else if (message.event == "location_select") {
        xml.begin("SendLocationInfo");
        write_place(xml, message);
        xml.text("Poiname", "").end("SendLocationInfo").text("AppType", "wxwork");
    } else if (message.event == card_event) {
        write_press(xml, message.card);
    }
}

void write_content(XmlWriter& xml, const MemberMessage& message) {
    switch (message.kind) {
        case MemberMessageKind::text:
            xml.text("Content", message.text);
            break;
        case MemberMessageKind::image:
            xml.text("PicUrl", message.url).text("MediaId", message.media_id);
            break;
        case MemberMessageKind::voice:
            xml.text("MediaId", message.media_id).text("Format", message.format);
            break;
        case MemberMessageKind::video:
            xml.text("MediaId", message.media_id).text("ThumbMediaId", message.media_id);
            break;
        case MemberMessageKind::file:
            xml.text("MediaId", message.media_id).text("FileName", message.file_name);
            break;
        case MemberMessageKind::location:
            write_place(xml, message);
            xml.text("AppType", "wxwork");
            break;
        case MemberMessageKind::link:
            xml.text("Title", message.title).text("Description", message.description);
            xml.text("Url", message.url).text("PicUrl", "");
            break;
        case MemberMessageKind::event:
            write_event(xml, message);
            break;
    }
}

}  // namespace

std::string_view to_string(MemberMessageKind kind) noexcept {
    switch (kind) {
        case MemberMessageKind::text:
            return "text";
        case MemberMessageKind::image:
            return "image";
        case MemberMessageKind::voice:
            return "voice";
        case MemberMessageKind::video:
            return "video";
        case MemberMessageKind::file:
            return "file";
        case MemberMessageKind::location:
            return "location";
        case MemberMessageKind::link:
            return "link";
        case MemberMessageKind::event:
            return "event";
    }
    return "";
}

MemberMessage text_message(std::string text) {
    return {.kind = MemberMessageKind::text, .text = std::move(text)};
}

MemberMessage image_message(std::string media_id, std::string picture_url) {
    return {.kind = MemberMessageKind::image,
            .media_id = std::move(media_id),
            .url = std::move(picture_url)};
}

MemberMessage voice_message(std::string media_id, std::string format) {
    return {.kind = MemberMessageKind::voice,
            .media_id = std::move(media_id),
            .format = std::move(format)};
}

MemberMessage video_message(std::string media_id) {
    return {.kind = MemberMessageKind::video, .media_id = std::move(media_id)};
}

MemberMessage file_message(std::string media_id, std::string file_name) {
    return {.kind = MemberMessageKind::file,
            .media_id = std::move(media_id),
            .file_name = std::move(file_name)};
}

MemberMessage location_message(std::string latitude, std::string longitude, std::string label) {
    return {.kind = MemberMessageKind::location,
            .latitude = std::move(latitude),
            .longitude = std::move(longitude),
            .label = std::move(label)};
}

MemberMessage link_message(std::string title, std::string description, std::string url) {
    return {.kind = MemberMessageKind::link,
            .url = std::move(url),
            .title = std::move(title),
            .description = std::move(description)};
}

MemberMessage event_message(std::string event, std::string event_key) {
    return {.kind = MemberMessageKind::event,
            .event = std::move(event),
            .event_key = std::move(event_key)};
}

MemberMessage scan_message(std::string event, std::string event_key, std::string scanned) {
    auto message = event_message(std::move(event), std::move(event_key));
    message.scanned = std::move(scanned);
    return message;
}

MemberMessage chosen_place(std::string event_key, std::string latitude, std::string longitude,
                           std::string label) {
    auto message = event_message("location_select", std::move(event_key));
    message.latitude = std::move(latitude);
    message.longitude = std::move(longitude);
    message.label = std::move(label);
    return message;
}

MemberMessage card_message(CardPress press, std::string label) {
    auto message = event_message(std::string(card_event), press.key);
    message.text = std::move(label);
    message.card = std::move(press);
    return message;
}

std::string describe(const MemberMessage& message) {
    switch (message.kind) {
        case MemberMessageKind::text:
            return message.text;
        case MemberMessageKind::file:
            return "[file: " + message.file_name + "]";
        case MemberMessageKind::location:
            return "[location: " + message.label + "]";
        case MemberMessageKind::link:
            return "[link: " + message.title + "]";
        case MemberMessageKind::event:
            if (message.event == card_event) {
                return "[card: " + message.text + "]";
            }
            return "[" + message.event +
                   (message.event_key.empty() ? "" : ": " + message.event_key) + "]";
        default:
            return "[" + std::string(to_string(message.kind)) + "]";
    }
}

std::string format_inner_xml(const App& app, std::string_view user_id, const MemberMessage& message,
                             std::int64_t create_time_s, std::uint64_t msg_id) {
    XmlWriter xml;
    xml.text("ToUserName", app.corp_id).text("FromUserName", user_id);
    xml.raw("CreateTime", std::to_string(create_time_s)).text("MsgType", to_string(message.kind));
    write_content(xml, message);
    if (message.kind != MemberMessageKind::event) {
        xml.raw("MsgId", std::to_string(msg_id));
    }
    xml.raw("AgentID", std::to_string(app.agent_id));
    return std::move(xml).finish();
}

std::string format_envelope(const App& app, std::string_view encrypted) {
    XmlWriter xml;
    xml.text("ToUserName", app.corp_id).text("Encrypt", encrypted);
    xml.text("AgentID", std::to_string(app.agent_id));
    return std::move(xml).finish();
}

}  // namespace hermes::host::simulator
