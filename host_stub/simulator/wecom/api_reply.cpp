#include "simulator/wecom/api_reply.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hermes::host::simulator {

namespace {

constexpr auto words = std::to_array<std::pair<int, std::string_view>>({
    {errcode::busy, "system error"},
    {errcode::ok, "ok"},
    {errcode::invalid_secret, "invalid credential"},
    {errcode::invalid_media_type, "invalid media type"},
    {errcode::invalid_media_id, "invalid media_id"},
    {errcode::invalid_message_type, "invalid message type"},
    {errcode::invalid_media_size, "invalid media size"},
    {errcode::invalid_corp_id, "invalid corpid"},
    {errcode::invalid_access_token, "invalid access_token"},
    {errcode::invalid_agent_id, "invalid agentid"},
    {errcode::invalid_parameter, "invalid Request Parameter"},
    {errcode::missing_access_token, "access_token missing"},
    {errcode::missing_corp_id, "corpid missing"},
    {errcode::missing_secret, "corpsecret missing"},
    {errcode::missing_agent_id, "agentid missing"},
    {errcode::missing_title, "missing title"},
    {errcode::missing_card_description, "missing description"},
    {errcode::access_token_expired, "access_token expired"},
    {errcode::bad_task_id, "invalid task_id"},
    {errcode::missing_replace_name, "missing replace_name"},
    {errcode::bad_card_type, "invalid card_type"},
    {errcode::missing_card_title, "missing card title"},
    {errcode::bad_card_list, "invalid list length"},
    {errcode::bad_card_button, "invalid button"},
    {errcode::bad_card_option, "invalid option"},
    {errcode::missing_question_key, "missing question_key"},
    {errcode::missing_submit_key, "missing submit button key"},
    {errcode::empty_file, "empty media data"},
    {errcode::empty_content, "text content is empty"},
    {errcode::over_frequency, "api freq out of limit"},
    {errcode::malformed_json, "data format error"},
    {errcode::untrusted_ip, "not allow to access from your ip"},
    {errcode::spent_response_code, "response_code expired or used"},
    {errcode::no_valid_recipient, "user & party & tag all invalid"},
    {errcode::nobody_to_update, "no user to update"},
    {errcode::not_a_recipient, "user is not a recipient of the message"},
    {errcode::recalled_too_late, "can only recall messages sent in the last 24 hours"},
    {errcode::no_menu, "no menu"},
    {errcode::no_such_member, "userid not found"},
    {40016, "invalid button size"},
    {40017, "invalid button type"},
    {40018, "invalid button name size"},
    {40019, "invalid button key size"},
    {40023, "invalid sub button size"},
    {40025, "invalid sub button name size"},
    {41102, "missing button name"},
    {errcode::other_apps_agent, "not allow operate another agent with this accesstoken"},
    {errcode::damaged_picture, "invalid picture, or invalid filelength"},
    {errcode::voice_too_long, "playtime of voice exceeds limit"},
    {errcode::no_amr, "voice is not amr"},
});

}  // namespace

std::string_view error_words(int code) noexcept {
    const auto* const found = std::find_if(words.begin(), words.end(),
                                           [&](const auto& entry) { return entry.first == code; });
    return found == words.end() ? "api error" : found->second;
}

boost::json::object error_reply(int code, std::string_view text, std::string_view caller_ip,
                                std::string_view hint) {
    boost::json::object reply;
    reply["errcode"] = code;
    if (code == errcode::ok) {
        reply["errmsg"] = "ok";
        return reply;
    }
    std::string message(text.empty() ? error_words(code) : text);
    message.append(", hint: [").append(hint).append("], from ip: ").append(caller_ip);
    message.append(", more info at https://open.work.weixin.qq.com/devtool/query?e=");
    message.append(std::to_string(code));
    reply["errmsg"] = message;
    return reply;
}

std::string text_member(const boost::json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace hermes::host::simulator
