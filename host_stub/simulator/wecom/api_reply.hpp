// What WeCom's API answers, in its own words. WeCom doc 90313 (global error codes).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace hermes::host::simulator {

namespace errcode {
inline constexpr int busy = -1;
inline constexpr int ok = 0;
inline constexpr int invalid_secret = 40001;
inline constexpr int invalid_media_type = 40004;
inline constexpr int invalid_media_id = 40007;
inline constexpr int invalid_message_type = 40008;
inline constexpr int invalid_media_size = 40009;
inline constexpr int invalid_corp_id = 40013;
inline constexpr int invalid_access_token = 40014;
inline constexpr int invalid_agent_id = 40056;
inline constexpr int invalid_parameter = 40058;
inline constexpr int damaged_picture = 40123;
inline constexpr int missing_access_token = 41001;
inline constexpr int missing_corp_id = 41002;
inline constexpr int missing_secret = 41004;
inline constexpr int missing_agent_id = 41011;
inline constexpr int missing_title = 41016;
inline constexpr int missing_card_description = 41033;
inline constexpr int access_token_expired = 42001;
inline constexpr int bad_task_id = 42014;
inline constexpr int missing_replace_name = 42020;
inline constexpr int bad_card_type = 42031;
inline constexpr int missing_card_title = 42033;
inline constexpr int bad_card_list = 42036;
inline constexpr int bad_card_button = 42038;
inline constexpr int bad_card_option = 42040;
inline constexpr int missing_question_key = 42043;
inline constexpr int missing_submit_key = 42046;
inline constexpr int empty_file = 44001;
inline constexpr int empty_content = 44004;
inline constexpr int voice_too_long = 45007;
inline constexpr int over_frequency = 45009;
inline constexpr int malformed_json = 47001;
inline constexpr int untrusted_ip = 60020;
inline constexpr int spent_response_code = 60140;
inline constexpr int no_valid_recipient = 81013;
inline constexpr int nobody_to_update = 82101;
inline constexpr int not_a_recipient = 82102;
inline constexpr int recalled_too_late = 42052;
inline constexpr int no_menu = 46003;
inline constexpr int no_such_member = 60111;
inline constexpr int other_apps_agent = 301002;
inline constexpr int no_amr = 301017;
}  // namespace errcode

// The words that WeCom uses for a code, without the hint and address that it adds.
std::string_view error_words(int code) noexcept;

// {"errcode": .., "errmsg": ".., hint: [..], from ip: .., more info at .."}; "ok" for 0. `hint`
// is WeCom's number for the request, by which its support finds it.
boost::json::object error_reply(int code, std::string_view words, std::string_view caller_ip,
                                std::string_view hint);

// Of anything that has members: what a caller sent may have any type at any place.
std::string text_member(const boost::json::object& object, std::string_view name);

}  // namespace hermes::host::simulator
