#include "protocol/api_json.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

namespace hermes::wecom {
namespace {

namespace json = boost::json;

constexpr std::size_t reply_bytes_max = std::size_t{1024} * 1024;
constexpr std::size_t reply_depth_max = 32;

std::vector<std::string> split_users(std::string_view list) {
    std::vector<std::string> users;
    while (!list.empty()) {
        const auto user = list.substr(0, list.find('|'));
        if (!user.empty()) {
            users.emplace_back(user);
        }
        list.remove_prefix(std::min(user.size() + 1, list.size()));
    }
    return users;
}

// Reads the members of a reply; remembers whether one had a type that it can't have.
class Members {
public:
    explicit Members(const json::object& object) noexcept : object_(object) {}

    std::int64_t number(std::string_view name, std::int64_t low, std::int64_t high,
                        std::int64_t otherwise = 0) noexcept {
        const json::value* member = object_.if_contains(name);
        if (member == nullptr) {
            return std::clamp(otherwise, low, high);
        }
        // A number beyond 64 bits arrives as a double and is refused like a text.
        const std::int64_t* value = member->if_int64();
        sound_ = sound_ && value != nullptr;
        return value == nullptr ? low : std::clamp(*value, low, high);
    }

    std::string text(std::string_view name) {
        const json::value* member = object_.if_contains(name);
        if (member == nullptr) {
            return {};
        }
        const json::string* value = member->if_string();
        sound_ = sound_ && value != nullptr;
        return value == nullptr ? std::string() : std::string(value->data(), value->size());
    }

    // As an object of that member alone; empty if there is none.
    std::string part(std::string_view name) const {
        const json::value* member = object_.if_contains(name);
        return member == nullptr ? std::string() : json::serialize(json::object{{name, *member}});
    }

    // WeCom doc 90236: "UserID1|UserID2"; doc 94888: ["UserID1", "UserID2"].
    std::vector<std::string> users(std::string_view name) {
        const json::value* member = object_.if_contains(name);
        const json::array* list = member == nullptr ? nullptr : member->if_array();
        if (list == nullptr) {
            return split_users(text(name));
        }
        std::vector<std::string> users;
        for (const auto& user : *list) {
            sound_ = sound_ && user.is_string();
            if (user.is_string()) {
                users.emplace_back(user.get_string());
            }
        }
        return users;
    }

    bool sound() const noexcept { return sound_; }

    // Whatever answers `{}` with a 200 must not count as a success.
    bool from_wecom() const noexcept {
        return object_.contains("errcode") || object_.contains("access_token") ||
               object_.contains("msgid") || object_.contains("button");
    }

private:
    const json::object& object_;
    bool sound_ = true;
};

}  // namespace

std::string format_message_send(const OutgoingMessage& message) {
    const json::string_view type = message.format == MessageFormat::text ? "text" : "markdown";
    const auto [whom, ids] = addressed(message.to);
    json::object body{
        {whom, ids},
        {"msgtype", type},
        {"agentid", message.agent.number()},
    };
    body[type] = json::object{{"content", message.content}};
    if (message.format == MessageFormat::text) {
        body["safe"] = 0;
    }
    return json::serialize(body);
}

std::string format_textcard_send(const OutgoingCard& card) {
    const auto [whom, ids] = addressed(card.to);
    return json::serialize(json::object{
        {whom, ids},
        {"msgtype", "textcard"},
        {"agentid", card.agent.number()},
        {"textcard",
         {{"title", card.title}, {"description", card.description}, {"url", card.url}}}});
}

std::string with_duplicate_check(std::string request) {
    if (request.ends_with('}')) {
        request.pop_back();
        request += R"(,"enable_duplicate_check":1,"duplicate_check_interval":)" +
                   std::to_string(duplicate_check_interval_s) + '}';
    }
    return request;
}

std::string format_recall(const std::string& msgid) {
    return json::serialize(json::object{{"msgid", msgid}});
}

std::string shown_text(const std::string& request) {
    boost::system::error_code error;
    const auto value = json::parse(request, error);
    if (error || !value.is_object()) {
        return request;
    }
    if (const auto* card = value.get_object().if_contains("textcard"); card && card->is_object()) {
        std::string shown;
        for (const char* part : {"title", "description", "url"}) {
            const auto* text = card->get_object().if_contains(part);
            if (text != nullptr && text->is_string()) {
                shown.append(shown.empty() ? "" : "\n").append(text->get_string());
            }
        }
        return shown;
    }
    for (const char* type : {"text", "markdown"}) {
        if (const auto* body = value.get_object().if_contains(type); body && body->is_object()) {
            const auto* content = body->get_object().if_contains("content");
            if (content != nullptr && content->is_string()) {
                return std::string(content->get_string());
            }
        }
    }
    return request;
}

std::optional<ApiReply> parse_api_reply(std::string_view body) {
    if (body.size() > reply_bytes_max) {
        return std::nullopt;
    }
    json::parse_options limits;
    limits.max_depth = reply_depth_max;
    boost::system::error_code error;
    const auto value = json::parse(body, error, {}, limits);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    Members members(value.get_object());
    if (!members.from_wecom()) {
        return std::nullopt;
    }
    ApiReply reply;
    using Int = std::numeric_limits<int>;
    reply.errcode = static_cast<int>(members.number("errcode", Int::min(), Int::max()));
    reply.errmsg = members.text("errmsg");
    reply.access_token = members.text("access_token");
    reply.expires_in_s = members.number("expires_in", 0, expires_in_max_s);
    if (reply.expires_in_s == 0) {  // absent, or nothing that a token could live
        reply.expires_in_s = expires_in_default_s;
    }
    reply.msgid = members.text("msgid");
    reply.invalid_users = members.users("invaliduser");
    reply.unlicensed_users = members.users("unlicenseduser");
    reply.name = members.text("name");
    reply.menu = members.part("button");
    reply.media_id = members.text("media_id");
    reply.app_is_disabled = members.number("close", 0, 1) != 0;
    reply.reports_entering = members.number("isreportenter", 0, 1, 1) != 0;
    return members.sound() ? std::optional(std::move(reply)) : std::nullopt;
}

}  // namespace hermes::wecom
