#include "protocol/inbound_kinds.hpp"

#include <algorithm>
#include <array>

namespace hermes::wecom {
namespace {

using enum Handling;
using Kind = InboundKind;

constexpr InboundRule message(std::string_view msg_type, Kind kind, std::string_view meaning) {
    return {msg_type, {}, kind, agent, meaning};
}

constexpr InboundRule event(std::string_view name, Kind kind, Handling handling,
                            std::string_view meaning) {
    return {"event", name, kind, handling, meaning};
}

constexpr InboundRule of_the_corp(std::string_view name, std::string_view meaning) {
    return event(name, Kind::other_event, passed_over, meaning);
}

constexpr std::array rules{
    message("text", Kind::text, "a text"),
    message("image", Kind::image, "a picture"),
    message("voice", Kind::voice, "a voice message"),
    message("video", Kind::video, "a video"),
    message("file", Kind::file, "a file; no document says that WeCom sends it, taken if it does"),
    message("location", Kind::location, "a place"),
    message("link", Kind::link, "a link"),

    event("click", Kind::click, agent, "a menu entry was chosen"),
    event("scancode_push", Kind::scan, agent, "a code was scanned from the menu"),
    event("scancode_waitmsg", Kind::scan, agent,
          "a code was scanned from the menu, and the member waits for the answer"),
    event("location_select", Kind::chosen_place, agent, "a place was chosen from the menu"),
    event("template_card_event", Kind::card_answer, agent, "a card was answered"),
    event("template_card_menu_event", Kind::card_menu_choice, agent,
          "an entry of a card's own menu was chosen"),

    event("enter_agent", Kind::enter_agent, passed_over,
          "a member has opened the app; `welcome` greets them"),
    event("pic_sysphoto", Kind::other_event, passed_over,
          "a picture was taken from the menu; it comes as a picture"),
    event("pic_photo_or_album", Kind::other_event, passed_over,
          "pictures were chosen from the menu; they come as pictures"),
    event("pic_weixin", Kind::other_event, passed_over,
          "pictures were chosen from the album; they come as pictures"),
    event("view", Kind::other_event, passed_over, "a link in the menu was opened"),
    event("view_miniprogram", Kind::other_event, passed_over,
          "a mini program in the menu was opened"),
    event("location", Kind::other_event, passed_over,
          "where the member is, which nobody asked for"),
    event("subscribe", Kind::other_event, passed_over, "a member may use the app from now on"),
    event("unsubscribe", Kind::other_event, passed_over, "a member may not use the app any more"),

    event("inactive_alert", Kind::other_event, warned,
          "WeCom will switch the app off soon, since nobody uses it: let members open it, or tell "
          "the corp's administrator"),
    event("low_active_alert", Kind::other_event, warned,
          "WeCom will take customer data from the app soon, since few use it: let members open it, "
          "or tell the corp's administrator"),
    event("close_inactive_agent", Kind::other_event, warned,
          "WeCom has switched the app off, since nobody used it: an administrator has to switch it "
          "on again in the admin console; until then nothing can be sent"),
    event("reopen_inactive_agent", Kind::other_event, noted,
          "an administrator has switched the app on again"),
    event("low_active", Kind::other_event, noted,
          "WeCom counts the app among those that few use, and keeps customer data from it"),
    event("active_restored", Kind::other_event, noted,
          "WeCom counts the app among those in use again"),

    of_the_corp("open_approval_change", "an approval that the app has begun has changed"),
    of_the_corp("share_agent_change", "the app was shared with another corp, or no longer is"),
    of_the_corp("share_chain_change", "the app was shared along a chain of corps, or no longer is"),
    of_the_corp("batch_job_result", "a job on the address book is done"),
    of_the_corp("change_contact", "the address book has changed"),
    of_the_corp("upload_media_job_finish", "an upload that WeCom does by itself is done"),
    of_the_corp("sys_approval_change", "an approval has changed"),
    of_the_corp("change_external_contact", "a customer was added, changed or removed"),
    of_the_corp("change_external_chat", "a group with customers has changed"),
    of_the_corp("change_external_tag", "a customers' tag has changed"),
    of_the_corp("msgaudit_notify", "the archive of chats has something new"),
};

constexpr InboundRule unknown_rule{
    {}, {}, Kind::unknown, passed_over, "something that this version does not know"};

}  // namespace

std::span<const InboundRule> inbound_rules() noexcept {
    return rules;
}

const InboundRule& inbound_rule(std::string_view msg_type, std::string_view event) noexcept {
    const auto found = std::ranges::find_if(rules, [&](const InboundRule& rule) {
        return rule.msg_type == msg_type && (msg_type != "event" || rule.event == event);
    });
    return found == rules.end() ? unknown_rule : *found;
}

}  // namespace hermes::wecom
