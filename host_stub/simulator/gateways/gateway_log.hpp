// What the gateway's log says, as steps of the messages that it names. Pure.
//
// The gateway runs with `--log-format json --log-level debug`, and then writes each step of a
// message as a member of its line (output/log.hpp).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/agent_talk.hpp"
#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

// As hermes::TraceStep, but the kind is the log's word for it.
struct TracedStep {
    std::string kind{};
    std::string event{};
    std::string message_id{};
    std::string account{};
    std::string user_id{};
    AgentTalk talk{};  // of an agent's
};

struct GatewayLine {
    std::string time{};  // as the gateway writes it
    std::string level{};
    std::string source{};
    std::string message{};
    std::optional<TracedStep> step{};
};

// Nothing if it is no line of that kind: the gateway's stdout, a crash report.
std::optional<GatewayLine> parse_gateway_line(std::string_view line);

// For a person: "2026-11-24T08:00:00.123+0000 info [wecom_callback] listening on ...".
std::string format_gateway_line(const GatewayLine& line);

// Remembers which event of the gateway is which message, across the gateway's restarts.
class GatewayLog {
public:
    // The chat entry with that MsgId, and the one of the member's oldest event beyond that entry
    // which is on its way to the gateway; 0 if there is none.
    using EntryOf = std::function<std::uint64_t(std::string_view msgid)>;
    using EventAfter = std::function<std::uint64_t(std::string_view app, std::string_view user_id,
                                                   std::uint64_t entry)>;
    GatewayLog(EntryOf entry_of, EventAfter event_after)
        : entry_of_(std::move(entry_of)), event_after_(std::move(event_after)) {}

    WireStep step_of(GatewayLine line);
    // What an earlier simulator made of its lines, in order: the gateway goes on with the same
    // events. `state`: a word for what they are kept in, since another database numbers its events
    // from one again.
    void go_on_from(const std::vector<WireStep>& steps, std::string_view state);

private:
    struct Origin {
        std::uint64_t entry = 0;
        std::string app{};
        std::string user_id{};
    };
    // WeCom's events have no MsgId. What a gateway has stored of a chat it names in the same order.
    struct Events {
        std::uint64_t last_stored = 0;        // entry
        std::deque<std::uint64_t> unnamed{};  // entries: stored, and not named yet
    };

    Origin origin_of(const TracedStep& step);
    std::uint64_t entry_of_event(const TracedStep& step);
    void learn(const std::string& event, Origin origin);
    void learn_reply(const std::string& event, std::string_view sentence);
    bool ends(const std::string& event, std::string_view sentence) const;

    const EntryOf entry_of_;
    const EventAfter event_after_;
    std::string state_{};  // what events begin with
    std::map<std::string, Origin, std::less<>> events_;
    // The final one of an event, in the gateway's words: also of one that is not named yet.
    std::map<std::string, std::string, std::less<>> replies_;
    std::map<std::pair<std::string, std::string>, Events> chats_;  // by app and member
};

}  // namespace hermes::host::simulator
