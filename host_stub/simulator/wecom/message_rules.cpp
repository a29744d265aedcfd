#include "simulator/wecom/message_rules.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/card_table.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

constexpr std::string_view everybody = "@all";

// Duplicates are remembered for as long as any interval can look back.
constexpr std::size_t duplicates_max = 1'000'000;

// Whether anything was cut off.
bool cut_characters(std::string& text, std::size_t characters_max) {
    const auto kept = base::utf8_characters_prefix(text, characters_max).size();
    const bool is_cut = kept < text.size();
    text.resize(kept);
    return is_cut;
}

std::optional<std::int64_t> integer_member(const json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    const auto* const number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

// WeCom doc 90236: all three are required; title and description are cut at so many characters.
int read_link_card(const json::object& card, SendRequest& request) {
    constexpr std::size_t title_characters_max = 128;
    constexpr std::size_t description_characters_max = 512;
    constexpr std::size_t url_bytes_max = 2048;
    auto title = text_member(card, "title");
    auto description = text_member(card, "description");
    const auto url = text_member(card, "url");
    if (title.empty() || description.empty()) {
        return title.empty() ? errcode::missing_title : errcode::missing_card_description;
    }
    if (url.size() > url_bytes_max || url.find("://") == std::string::npos) {
        return errcode::invalid_parameter;
    }
    request.sent_bytes = title.size() + description.size() + url.size();
    request.cut = cut_characters(title, title_characters_max);
    request.cut = cut_characters(description, description_characters_max) || request.cut;
    request.content =
        json::serialize(json::object{{"title", title}, {"description", description}, {"url", url}});
    return errcode::ok;
}

int read_content(const json::object& body, SendRequest& request) {
    const auto* const part = body.if_contains(request.type);
    const auto* const object = part == nullptr ? nullptr : part->if_object();
    if (object == nullptr) {
        return errcode::invalid_parameter;
    }
    if (request.type == "text" || request.type == "markdown") {
        request.content = text_member(*object, "content");
        request.sent_bytes = request.content.size();
        if (request.content.empty()) {
            return errcode::empty_content;
        }
        request.cut = request.content.size() > content_bytes_max;
        if (request.cut) {
            request.content.resize(base::utf8_prefix(request.content, content_bytes_max).size());
        }
        return errcode::ok;
    }
    if (request.type == "textcard") {
        return read_link_card(*object, request);
    }
    if (request.type == "template_card") {
        request.content = json::serialize(*object);
        request.sent_bytes = request.content.size();
        return CardTable::check(request.content);
    }
    request.is_media = request.type == "image" || request.type == "voice" ||
                       request.type == "video" || request.type == "file";
    request.content =
        object->contains("media_id") ? text_member(*object, "media_id") : json::serialize(*object);
    request.sent_bytes = request.content.size();
    return errcode::ok;
}

bool is_message_type(std::string_view type) {
    static constexpr std::array types{
        "text",     "image", "voice",  "video",       "file",          "textcard",
        "markdown", "news",  "mpnews", "markdown_v2", "template_card", "miniprogram_notice"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

// Gathers recipients, each once.
class Gathering {
public:
    Gathering(const World& world, const App& app, SendOutcome& outcome)
        : world_(world), app_(app), outcome_(outcome) {}

    void add_users(std::string_view to_user) {
        for (const auto& id : split_recipients(to_user)) {
            if (id == everybody) {
                add_all([](const Member&) { return true; });
            } else if (const auto* const member = world_.find_member(app_.corp_id, id)) {
                add(*member);
            } else {
                outcome_.invalid_users.push_back(base::lower(id));
            }
        }
    }

    // `groups`: of a member. Those of nobody are unknown.
    template <typename Groups>
    void add_groups(std::string_view ids, Groups groups, std::vector<std::string>& invalid) {
        for (const auto& id : split_recipients(ids)) {
            const auto found = add_all([&](const Member& member) {
                const auto all = groups(member);
                return std::any_of(all.begin(), all.end(),
                                   [&](std::int64_t group) { return std::to_string(group) == id; });
            });
            if (!found) {
                invalid.push_back(id);
            }
        }
    }

private:
    template <typename Fits>
    bool add_all(Fits fits) {
        bool found = false;
        for (const auto& member : world_.members) {
            if (member.corp_id == app_.corp_id && fits(member)) {
                add(member);
                found = true;
            }
        }
        return found;
    }

    void add(const Member& member) {
        const auto& there = outcome_.recipients;
        if (std::none_of(there.begin(), there.end(), [&](const Recipient& recipient) {
                return recipient.user_id == member.user_id;
            })) {
            outcome_.recipients.push_back({.user_id = member.user_id});
        }
    }

    const World& world_;
    const App& app_;
    SendOutcome& outcome_;
};

void resolve_recipients(const World& world, const App& app, const SendRequest& request,
                        SendOutcome& outcome) {
    Gathering gathering(world, app, outcome);
    gathering.add_users(request.to_user);
    if (request.to_user == everybody) {
        return;  // the other two are ignored
    }
    gathering.add_groups(
        request.to_party,
        [](const Member& member) {
            auto parties = member.parties;
            parties.push_back(root_party);
            return parties;
        },
        outcome.invalid_parties);
    gathering.add_groups(
        request.to_tag, [](const Member& member) { return member.tags; }, outcome.invalid_tags);
}

}  // namespace

ParsedSend parse_send_request(std::string_view body) {
    boost::system::error_code problem;
    const auto value = json::parse(body, problem);
    const auto* const object = problem ? nullptr : value.if_object();
    if (object == nullptr) {
        return {.errcode = errcode::malformed_json, .request = {}};
    }
    SendRequest request;
    request.to_user = text_member(*object, "touser");
    request.to_party = text_member(*object, "toparty");
    request.to_tag = text_member(*object, "totag");
    request.type = text_member(*object, "msgtype");
    if (!is_message_type(request.type)) {
        return {.errcode = errcode::invalid_message_type, .request = request};
    }
    const auto agent = integer_member(*object, "agentid");
    if (!agent) {
        return {.errcode = errcode::missing_agent_id, .request = request};
    }
    request.agent_id = *agent;
    request.checks_duplicates = integer_member(*object, "enable_duplicate_check") == 1;
    if (const auto seconds = integer_member(*object, "duplicate_check_interval")) {
        request.duplicate_interval = std::clamp(std::chrono::seconds(*seconds),
                                                std::chrono::seconds(0), duplicate_interval_max);
    }
    const int code = read_content(*object, request);
    return {.errcode = code, .request = std::move(request)};
}

std::vector<std::string> split_recipients(std::string_view list) {
    std::vector<std::string> ids;
    while (!list.empty()) {
        const auto end = std::min(list.find('|'), list.size());
        if (end > 0) {
            ids.emplace_back(list.substr(0, end));
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return ids;
}

std::string_view to_string(Fate fate) noexcept {
    switch (fate) {
        case Fate::delivered:
            return "delivered";
        case Fate::dropped:
            return "dropped";
        case Fate::suppressed:
            return "suppressed";
    }
    return "";
}

int check_agent(const World& world, const App& app, std::int64_t agent_id) {
    if (agent_id == app.agent_id) {
        return errcode::ok;
    }
    return world.find_app(app.corp_id, agent_id) != nullptr ? errcode::other_apps_agent
                                                            : errcode::invalid_agent_id;
}

SendOutcome MessageRules::accept(const World& world, const App& app, const SendRequest& request,
                                 std::string_view body, base::WallTime now,
                                 const std::function<std::string()>& make_msgid) {
    SendOutcome outcome;
    outcome.errcode = check_agent(world, app, request.agent_id);
    if (outcome.errcode != errcode::ok) {
        return outcome;
    }
    resolve_recipients(world, app, request, outcome);
    if (outcome.recipients.empty()) {
        outcome.errcode = errcode::no_valid_recipient;
        return outcome;
    }
    if (!within_quota(app, outcome.recipients.size(), now)) {
        outcome.errcode = errcode::over_frequency;
        outcome.recipients.clear();  // nobody gets it
        return outcome;
    }
    const auto key = duplicate_key(app, request, body);
    const auto found = earlier_.find(key);
    if (request.checks_duplicates && found != earlier_.end() &&
        now - found->second.at < request.duplicate_interval) {
        outcome.msgid = found->second.msgid;
        for (auto& recipient : outcome.recipients) {
            recipient.fate = Fate::suppressed;
        }
        return outcome;
    }
    outcome.msgid = make_msgid();
    remember(key, outcome.msgid, now);
    for (auto& recipient : outcome.recipients) {
        recipient.fate =
            within_frequency(app, recipient.user_id, now) ? Fate::delivered : Fate::dropped;
    }
    return outcome;
}

void MessageRules::remember(const std::string& key, const std::string& msgid, base::WallTime now) {
    if (earlier_.size() >= duplicates_max) {
        std::erase_if(earlier_, [&](const auto& entry) {
            return now - entry.second.at >= duplicate_interval_max;
        });
    }
    earlier_[key] = {.at = now, .msgid = msgid};
}

bool MessageRules::within_quota(const App& app, std::size_t recipients, base::WallTime now) {
    auto& quota = quotas_[app.name];
    const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
    if (quota.day != day) {
        quota = {.day = day, .used = 0};
    }
    if (limits_.app_quota && quota.used + recipients > *limits_.app_quota) {
        return false;
    }
    quota.used += recipients;
    return true;
}

bool MessageRules::within_frequency(const App& app, const std::string& user_id,
                                    base::WallTime now) {
    auto& times = recent_[{app.name, base::lower(user_id)}];
    while (!times.empty() && now - times.front() >= std::chrono::hours(1)) {
        times.pop_front();
    }
    const auto minute_ago =
        std::upper_bound(times.begin(), times.end(), now - std::chrono::minutes(1));
    const auto in_minute = static_cast<std::size_t>(times.end() - minute_ago);
    if (in_minute >= limits_.per_minute || times.size() >= limits_.per_hour) {
        return false;
    }
    times.push_back(now);
    return true;
}

std::string MessageRules::duplicate_key(const App& app, const SendRequest& request,
                                        std::string_view body) const {
    std::string key = app.name;
    key.push_back('\0');
    if (limits_.duplicate_memory == DuplicateMemory::equal_request) {
        return key.append(body);
    }
    for (const auto* part : {&request.to_user, &request.to_party, &request.to_tag}) {
        key.append(*part).push_back('\0');
    }
    key.append(request.type).push_back('\0');
    return key.append(request.content);
}

}  // namespace hermes::host::simulator
