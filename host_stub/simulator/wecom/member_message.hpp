// What a member does in an app's chat, and the XML that WeCom makes of it. Pure.
// WeCom doc 90239 (messages), 90240 (events), 90238 (the envelope).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "simulator/wecom/card_table.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

enum class MemberMessageKind { text, image, voice, video, file, location, link, event };
std::string_view to_string(MemberMessageKind kind) noexcept;

struct MemberMessage {
    MemberMessageKind kind = MemberMessageKind::text;
    std::string text{};      // text: what was written
    std::string media_id{};  // image, voice, video, file
    std::string file_name{};
    std::string url{};     // image: where the picture is; link: what it points to
    std::string format{};  // voice: amr, speex
    std::string title{};   // link
    std::string description{};
    std::string latitude{};  // location and location_select, as WeCom prints them
    std::string longitude{};
    std::string label{};
    std::string event{};  // event: click, view, enter_agent, subscribe, LOCATION ...
    std::string event_key{};
    CardPress card{};       // template_card_event
    std::string scanned{};  // scancode_push, scancode_waitmsg: what the code holds
};

MemberMessage text_message(std::string text);
MemberMessage image_message(std::string media_id, std::string picture_url);
MemberMessage voice_message(std::string media_id, std::string format);
MemberMessage video_message(std::string media_id);
MemberMessage file_message(std::string media_id, std::string file_name);
MemberMessage location_message(std::string latitude, std::string longitude, std::string label);
MemberMessage link_message(std::string title, std::string description, std::string url);
MemberMessage event_message(std::string event, std::string event_key = {});

MemberMessage scan_message(std::string event, std::string event_key, std::string scanned);
MemberMessage chosen_place(std::string event_key, std::string latitude, std::string longitude,
                           std::string label);

// `label`: what the chat shows of it.
MemberMessage card_message(CardPress press, std::string label);

// What a chat shows of it in one line: the text, or "[image]", "[click: approve]".
std::string describe(const MemberMessage& message);

// The document that is encrypted. An event has no MsgId, whatever `msg_id` is.
std::string format_inner_xml(const App& app, std::string_view user_id, const MemberMessage& message,
                             std::int64_t create_time_s, std::uint64_t msg_id);

std::string format_envelope(const App& app, std::string_view encrypted);

}  // namespace hermes::host::simulator
