// WeCom's rules for message/send (WeCom doc 90236). Pure: the caller brings the time.
//
//   agentid       must be the access token's app
//   touser        `a|b|c`, or `@all`; unknown members are named in invaliduser
//   toparty       `1|2`, departments; totag: `1|2`; unknown ones are named too. A member whom
//                 several of these name gets one message
//   content       cut off after 2048 bytes
//   frequency     30 a minute and 1000 an hour to one member from one app: the excess is
//                 acknowledged, and dropped without a word
//   duplicates    enable_duplicate_check: an equal message within duplicate_check_interval is
//                 acknowledged, and not shown again
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

// WeCom doc 90236.
inline constexpr std::size_t content_bytes_max = 2048;
inline constexpr std::chrono::seconds duplicate_interval_default{1800};
inline constexpr std::chrono::seconds duplicate_interval_max{4 * 3600};

// Which earlier messages enable_duplicate_check compares with. The documents say only "the same
// content (request json)", so both readings exist here.
enum class DuplicateMemory {
    every_message,  // equal recipients, type and content, whatever its flag was
    equal_request,  // an equal request body: the flag counts as a part of it
};

struct MessageLimits {
    std::size_t per_minute = 30;
    std::size_t per_hour = 1000;
    std::optional<std::size_t> app_quota{};  // recipients a day; beyond it 45009
    DuplicateMemory duplicate_memory = DuplicateMemory::every_message;
};

struct SendRequest {
    std::string to_user{};  // as sent, as are the next two
    std::string to_party{};
    std::string to_tag{};
    std::string type{};
    std::int64_t agent_id = 0;
    std::string content{};  // of text and markdown; the media id of media; else the type's JSON
    bool is_media = false;  // an image, voice, video or file
    bool cut = false;       // content was longer than WeCom takes
    std::size_t sent_bytes = 0;  // of content, before the cut
    bool checks_duplicates = false;
    std::chrono::seconds duplicate_interval = duplicate_interval_default;
};

// Either a request or the error code that WeCom answers.
struct ParsedSend {
    int errcode = 0;
    SendRequest request;
};
ParsedSend parse_send_request(std::string_view body);

// The ids in `touser`, `toparty` or `totag`, as they are written there.
std::vector<std::string> split_recipients(std::string_view ids);

enum class Fate {
    delivered,
    dropped,     // over the frequency limit
    suppressed,  // a duplicate
};
std::string_view to_string(Fate fate) noexcept;

struct Recipient {
    std::string user_id;  // as the corp writes it
    Fate fate = Fate::delivered;
};

struct SendOutcome {
    int errcode = 0;
    std::vector<std::string> invalid_users{};  // lower case, as WeCom answers
    std::vector<std::string> invalid_parties{};
    std::vector<std::string> invalid_tags{};
    std::vector<Recipient> recipients{};
    std::string msgid{};  // of an accepted message; a duplicate has its original's
};

// The errcode of a call that names this agent id with the app's access token; 0: it is the app's.
int check_agent(const World& world, const App& app, std::int64_t agent_id);

class MessageRules {
public:
    explicit MessageRules(MessageLimits limits) : limits_(limits) {}

    // What becomes of a well-formed request with a valid access token of `app`. `body` is what
    // was sent; `make_msgid` gives a new message its id.
    SendOutcome accept(const World& world, const App& app, const SendRequest& request,
                       std::string_view body, base::WallTime now,
                       const std::function<std::string()>& make_msgid);

private:
    struct Earlier {
        base::WallTime at;
        std::string msgid;
    };
    using MemberOfApp = std::pair<std::string, std::string>;  // app name, user id in lower case

    void remember(const std::string& key, const std::string& msgid, base::WallTime now);
    bool within_quota(const App& app, std::size_t recipients, base::WallTime now);
    bool within_frequency(const App& app, const std::string& user_id, base::WallTime now);
    std::string duplicate_key(const App& app, const SendRequest& request,
                              std::string_view body) const;

    MessageLimits limits_;
    std::map<MemberOfApp, std::deque<base::WallTime>> recent_;  // of the last hour
    std::map<std::string, Earlier> earlier_;                    // by duplicate_key
    struct Quota {
        std::int64_t day = 0;
        std::size_t used = 0;
    };
    std::map<std::string, Quota> quotas_;  // by app
};

}  // namespace hermes::host::simulator
