#include "protocol/api_error.hpp"

#include <algorithm>
#include <array>

#include "protocol/foreign_text.hpp"

namespace hermes::wecom {
namespace {

struct Row {
    int errcode;
    base::Failure failure;
    std::string_view meaning;
    std::string_view remedy;
};

constexpr std::string_view fix_corp_id =
    "copy the corp id from the admin console under My Company to `corp_id`";
constexpr std::string_view fix_secret =
    "copy the Secret of this app from the admin console under App Management to `corp_secret`";
constexpr std::string_view fix_agent_id =
    "copy the AgentId of this app from the admin console under App Management to `agent_id`";
constexpr std::string_view fix_visibility =
    "add the member to the app's Allowed users in the admin console under App Management";
constexpr std::string_view fix_member =
    "check that the chat is `corp_id:user_id` and that the member is still in the corp's Contacts";
constexpr std::string_view fix_number =
    "check the number of the department or tag: `corp_id:party/7`, `corp_id:tag/3`";
constexpr std::string_view fix_app_state =
    "enable the app in the admin console under App Management";
constexpr std::string_view fix_permission =
    "give the app this permission in the admin console under App Management, or use the Secret of "
    "an app that has it as `corp_secret`";
constexpr std::string_view no_access = "the app has no access to this member, department or tag";
constexpr std::string_view ask_wecom =
    "see what the admin console says of the app and the corp, or ask WeCom's support";
constexpr std::string_view another_token = "another one is fetched by itself";
constexpr std::string_view wait = "it is tried again by itself";
constexpr std::string_view report_bug = "please report it: this adapter never sends that";
constexpr std::string_view check_proxy =
    "check that `api_base` and `proxy` lead to WeCom and pass the query string on";
constexpr std::string_view smaller_file = "send a smaller file";
constexpr std::string_view bad_members = "the list of members is not valid or too long";
constexpr std::string_view bad_link = "a link is too long, or is no http or https address";
constexpr std::string_view fix_link = "correct the link, or shorten it to 1024 bytes";
constexpr std::string_view filtered = "WeCom refuses what the message says";
constexpr std::string_view change_text = "change the text and send it again";
constexpr std::string_view bad_card = "WeCom does not take the card";
constexpr std::string_view bad_card_action = "WeCom does not know the card, or one of its buttons";

// WeCom doc 90313, the global list: what gettoken, message/send, update_template_card, media/upload
// and media/get can answer. Sorted by errcode. 40001 stands for a wrong secret in the answer of
// gettoken, where there is no token to refresh, and for a dead token elsewhere.
constexpr std::array errcodes{
    Row{-1, base::Failure::retry_later, "WeCom is busy", wait},
    Row{40001, base::Failure::refresh_token,
        "the app's secret, or the access token made from it, is wrong", fix_secret},
    Row{40003, base::Failure::give_up, "there is no member of this id", fix_member},
    Row{40004, base::Failure::give_up, "WeCom does not take media of this type",
        "send JPG or PNG images, AMR voice, MP4 video, or a file"},
    Row{40005, base::Failure::give_up, "the kind of media is unknown to WeCom", report_bug},
    Row{40006, base::Failure::give_up, "the media file is empty or too large", smaller_file},
    Row{40007, base::Failure::give_up, "the media id is wrong or older than three days",
        "send the file again"},
    Row{40008, base::Failure::give_up, "the kind of message is unknown to WeCom", report_bug},
    Row{40009, base::Failure::give_up, "the image is too large", smaller_file},
    Row{40011, base::Failure::give_up, "the video is too large", smaller_file},
    Row{40013, base::Failure::fix_setup, "there is no corp of this id", fix_corp_id},
    Row{40014, base::Failure::refresh_token, "the access token is not valid", another_token},
    Row{40031, base::Failure::give_up, bad_members, report_bug},
    Row{40032, base::Failure::give_up, bad_members, report_bug},
    Row{40033, base::Failure::give_up, "the text has a character that WeCom refuses",
        "leave out control characters"},
    Row{40035, base::Failure::give_up, "a parameter is not valid", report_bug},
    Row{40039, base::Failure::give_up, bad_link, fix_link},
    Row{40056, base::Failure::fix_setup, "there is no app of this agent id in the corp",
        fix_agent_id},
    Row{40057, base::Failure::fix_setup, "the callback URL is not valid or could not be verified",
        "save the callback URL again in the admin console while the gateway runs"},
    Row{40058, base::Failure::give_up, "a parameter is not valid", report_bug},
    Row{40063, base::Failure::give_up, "a parameter is empty", report_bug},
    Row{40066, base::Failure::give_up, "a department in the list of recipients is not valid",
        fix_number},
    Row{40068, base::Failure::give_up, "a tag in the list of recipients is not valid", fix_number},
    Row{40091, base::Failure::fix_secret, "the app's secret is that of another corp", fix_secret},
    Row{40123, base::Failure::give_up, "the picture is damaged", "send another one, or a file"},
    Row{40145, base::Failure::give_up, "the media id is wrong or older than three days",
        "send the file again"},
    Row{40201, base::Failure::give_up, filtered, change_text},
    Row{40204, base::Failure::give_up, filtered, change_text},
    Row{40206, base::Failure::give_up, "the request is too large for WeCom",
        "send a shorter text, or fewer things at a time"},
    Row{41001, base::Failure::refresh_token, "the access token is missing", check_proxy},
    Row{41002, base::Failure::fix_setup, "the corp id is missing", fix_corp_id},
    Row{41004, base::Failure::fix_secret, "the app's secret is missing", fix_secret},
    Row{41006, base::Failure::give_up, "the media id is missing", report_bug},
    Row{41011, base::Failure::fix_setup, "the agent id is missing", fix_agent_id},
    Row{42001, base::Failure::refresh_token, "the access token has expired", another_token},
    Row{42014, base::Failure::give_up, "WeCom has a card of this task id already",
        "there is nothing to do"},
    Row{42015, base::Failure::give_up, bad_card_action, report_bug},
    Row{42016, base::Failure::give_up, bad_card_action, report_bug},
    Row{42017, base::Failure::give_up, bad_card_action, report_bug},
    Row{42018, base::Failure::give_up, bad_card_action, report_bug},
    Row{42019, base::Failure::give_up, bad_card_action, report_bug},
    Row{42020, base::Failure::give_up, bad_card_action, report_bug},
    Row{42031, base::Failure::give_up, bad_card, report_bug},
    Row{42033, base::Failure::give_up, bad_card, report_bug},
    Row{42035, base::Failure::give_up, bad_card, report_bug},
    Row{42036, base::Failure::give_up, bad_card, report_bug},
    Row{42037, base::Failure::give_up, bad_card, report_bug},
    Row{42038, base::Failure::give_up, bad_card, report_bug},
    Row{42039, base::Failure::give_up, bad_card, report_bug},
    Row{42040, base::Failure::give_up, bad_card, report_bug},
    Row{42041, base::Failure::give_up, bad_card, report_bug},
    Row{42043, base::Failure::give_up, bad_card, report_bug},
    Row{42046, base::Failure::give_up, bad_card, report_bug},
    Row{42047, base::Failure::give_up, bad_card, report_bug},
    Row{42049, base::Failure::give_up, bad_card, report_bug},
    Row{42051, base::Failure::give_up, bad_card, report_bug},
    Row{42052, base::Failure::give_up, "the message was sent more than 24 hours ago",
        "WeCom takes no older one back"},
    Row{43003, base::Failure::fix_setup, "WeCom takes this call over HTTPS only",
        "begin `api_base` with https://"},
    Row{43004, base::Failure::fix_member, "the member does not follow the corp's WeChat plugin",
        "ask the member to scan the code in the admin console under My Company > WeChat Plugin"},
    Row{43012, base::Failure::give_up,
        "the app has no callback URL, which a card with buttons needs",
        "save the callback URL in the admin console while the gateway runs, or set `choices: "
        "text`"},
    Row{44001, base::Failure::give_up, "the media file is empty", "send a file that has content"},
    Row{44004, base::Failure::give_up, "the text is empty", "send a text that is not blank"},
    Row{45001, base::Failure::give_up, "the media file is too large", smaller_file},
    Row{45002, base::Failure::give_up, "the message is too long", report_bug},
    Row{45007, base::Failure::give_up, "the voice message is longer than a minute",
        "send a shorter one, or a file"},
    Row{45009, base::Failure::slow_down, "the app has made too many calls", wait},
    Row{45024, base::Failure::fix_setup, "the corp has more accounts than it may have",
        "raise the limit in the admin console under My Company"},
    Row{45029, base::Failure::give_up, "the answer would be too large for WeCom", smaller_file},
    Row{45033, base::Failure::fewer_at_once, "the app makes too many calls at once", wait},
    Row{45034, base::Failure::give_up, bad_link, fix_link},
    Row{45035, base::Failure::retry_later, "two calls have met in the same place", wait},
    Row{45036, base::Failure::retry_later, "the app moves too much data at once", wait},
    Row{46004, base::Failure::give_up, "there is no member of this id", fix_member},
    Row{48001, base::Failure::fix_setup, "this secret is not permitted to make this call",
        fix_permission},
    Row{48002, base::Failure::fix_setup, "the app is not permitted to make this call",
        fix_permission},
    Row{48004, base::Failure::fix_setup, "the corp has withdrawn its authorisation of the app",
        fix_permission},
    Row{48005, base::Failure::give_up, "WeCom has withdrawn this call", report_bug},
    Row{48006, base::Failure::fix_setup, "WeCom has withdrawn the app's permission for this call",
        fix_permission},
    Row{50001, base::Failure::fix_setup,
        "the redirect domain is not among the app's trusted domains",
        "add it in the admin console under App Management > the app > Web authorization and "
        "JS-SDK"},
    Row{50002, base::Failure::fix_member, "the app is not visible to this member", fix_visibility},
    Row{50003, base::Failure::fix_setup, "the app is disabled", fix_app_state},
    Row{60011, base::Failure::fix_member, no_access, fix_visibility},
    Row{60020, base::Failure::fix_setup, "this server's address is not among the app's trusted IPs",
        "add it in the admin console under App Management > the app > Trusted company IPs, or set "
        "`proxy` to a proxy with a fixed address"},
    Row{60021, base::Failure::fix_member, no_access, fix_visibility},
    Row{60030, base::Failure::fix_member, no_access, fix_visibility},
    Row{60031, base::Failure::fix_setup, "the app is barred from WeCom's API", ask_wecom},
    Row{60111, base::Failure::give_up, "there is no member of this id", fix_member},
    Row{60140, base::Failure::give_up,
        "the card's response code was used already, or is older than 72 hours",
        "there is nothing to do"},
    Row{81013, base::Failure::give_up,
        "no recipient is valid, or the app is not visible to any of them", fix_visibility},
    Row{82001, base::Failure::give_up, "the message has no recipient", fix_member},
    Row{82004, base::Failure::give_up, filtered, change_text},
    Row{82101, base::Failure::give_up, "there is nobody whose card could be changed", report_bug},
    Row{82102, base::Failure::give_up, "the card was not sent to this member",
        "there is nothing to do"},
    Row{92000, base::Failure::fix_member, no_access, fix_visibility},
    Row{301002, base::Failure::fix_setup, "this secret does not belong to the app of this agent id",
        "copy Secret and AgentId of the same app to `corp_secret` and `agent_id`"},
    Row{301007, base::Failure::fix_setup, "the corp is dissolved, banned or not available",
        ask_wecom},
    Row{301015, base::Failure::give_up, "the media id is not that of a picture",
        "send the file again"},
    Row{301016, base::Failure::give_up, "the voice is of a kind that WeCom does not play",
        "send AMR of narrow band, or a file"},
    Row{301017, base::Failure::give_up, "the voice is no AMR",
        "send AMR of narrow band, or a file"},
    Row{830002, base::Failure::give_up, "the file is too large to be fetched at once",
        "it is fetched piece by piece by itself"},
};
static_assert(std::ranges::adjacent_find(errcodes, std::ranges::greater_equal{}, &Row::errcode) ==
                  errcodes.end(),
              "errcodes are searched by bisection");

const Row* find(int errcode) noexcept {
    const auto row = std::ranges::lower_bound(errcodes, errcode, {}, &Row::errcode);
    return row != errcodes.end() && row->errcode == errcode ? &*row : nullptr;
}

class ApiCategory final : public boost::system::error_category {
public:
    constexpr ApiCategory() noexcept : error_category(0x8d5b1f0a3c7e4923ULL) {}

    const char* name() const noexcept override { return "wecom.api"; }

    std::string message(int errcode) const override { return describe_api_error(errcode, {}); }

    boost::system::error_condition default_error_condition(int errcode) const noexcept override {
        if (errcode == 0) {
            return {0, *this};
        }
        const Row* row = find(errcode);
        return make_error_condition(row == nullptr ? base::Failure::unexplained : row->failure);
    }
};

constinit const ApiCategory the_api_category;

constexpr int untrusted_ip = 60020;

std::string meaning_of(const Row& row, std::string_view errmsg) {
    const auto address = row.errcode == untrusted_ip ? caller_address(errmsg) : std::string_view();
    std::string meaning(row.meaning);
    if (!address.empty()) {
        constexpr std::string_view subject = "this server's address";
        meaning.insert(subject.size(), ' ' + std::string(address));
    }
    return meaning;
}

}  // namespace

const boost::system::error_category& api_category() noexcept {
    return the_api_category;
}

ApiErrorText api_error_text(int errcode) noexcept {
    const Row* row = find(errcode);
    return row == nullptr ? ApiErrorText{} : ApiErrorText{row->meaning, row->remedy};
}

std::string describe_api_error(int errcode, std::string_view errmsg) {
    const auto code = std::to_string(errcode) + ": ";
    if (errcode == 0) {
        return code + "success";
    }
    if (const Row* row = find(errcode)) {
        return code + meaning_of(*row, errmsg) + ": " + std::string(row->remedy);
    }
    const auto words = clean_foreign_text(errmsg);
    return code + (words.empty() ? "an error that WeCom does not explain" : "WeCom says: " + words);
}

bool is_stale_media(int errcode) noexcept {
    return errcode == 40007 || errcode == 40145;
}

bool is_unfit_media(int errcode) noexcept {
    constexpr std::array codes{40004, 40006, 40009, 40011, 40123, 45001, 45007, 301016, 301017};
    return std::ranges::find(codes, errcode) != codes.end();
}

bool is_unknown_member(int errcode) noexcept {
    constexpr std::array codes{40003, 46004, 60111, 81013};
    return std::ranges::find(codes, errcode) != codes.end();
}

bool wants_ranges(int errcode) noexcept {
    constexpr int only_in_ranges = 830002;
    return errcode == only_in_ranges;
}

}  // namespace hermes::wecom
