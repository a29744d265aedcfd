#include "simulator/gateways/gateway_log.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

#include "base/ascii.hpp"
#include "simulator/wecom/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t events_max = 100'000;  // far more than wait at any time

// A step of any other kind is a line of the log.
constexpr std::array<std::pair<std::string_view, StepKind>, 14> step_kinds{{
    {"stored", StepKind::committed},
    {"known_already", StepKind::known_already},
    {"handed_over", StepKind::handed_over},
    {"agent_begun", StepKind::agent_begun},
    {"agent_answered", StepKind::agent_answered},
    {"agent_silent", StepKind::agent_silent},
    {"agent_failed", StepKind::agent_failed},
    {"agent_stopped", StepKind::agent_stopped},
    {"agent_interrupted", StepKind::agent_interrupted},
    {"reply_stored", StepKind::reply_stored},
    {"attempted", StepKind::attempted},
    {"delivered", StepKind::accepted},
    {"put_off", StepKind::put_off},
    {"set_aside", StepKind::set_aside},
}};

StepKind kind_of(const TracedStep& step) {
    const auto* const found =
        std::ranges::find(step_kinds, step.kind, [](const auto& kind) { return kind.first; });
    return found == step_kinds.end() ? StepKind::gateway_log : found->second;
}

// What a program wrote on stderr, and how it ended.
std::string with_ending(const AgentTalk& talk) {
    const bool needs_line = !talk.errors.empty() && !talk.errors.ends_with('\n');
    return talk.errors + (needs_line && !talk.ending.empty() ? "\n" : "") + talk.ending;
}

bool is_delivery(StepKind kind) {
    return kind == StepKind::attempted || kind == StepKind::put_off || kind == StepKind::set_aside;
}

// "message 7", in "the final reply is stored as message 7" and in "WeCom has accepted part 2 of 2
// of message 7": no member of the step tells a final reply from what an agent said before it.
std::string message_in(std::string_view sentence) {
    const auto at = sentence.rfind("message ");
    return std::string(at == std::string_view::npos ? "" : sentence.substr(at));
}

std::optional<TracedStep> traced_step(const boost::json::object& line) {
    const auto* value = line.if_contains("step");
    const auto* step = value == nullptr ? nullptr : value->if_object();
    if (step == nullptr) {
        return std::nullopt;
    }
    return TracedStep{.kind = text_member(*step, "kind"),
                      .event = text_member(*step, "event"),
                      .message_id = text_member(*step, "message_id"),
                      .account = text_member(*step, "account"),
                      .user_id = text_member(*step, "user_id"),
                      .talk = {.given = text_member(*step, "given"),
                               .output = text_member(*step, "output"),
                               .errors = text_member(*step, "errors"),
                               .ending = text_member(*step, "ending")}};
}

}  // namespace

std::optional<GatewayLine> parse_gateway_line(std::string_view line) {
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    const auto& object = value.get_object();
    return GatewayLine{.time = text_member(object, "time"),
                       .level = text_member(object, "level"),
                       .source = text_member(object, "source"),
                       .message = text_member(object, "message"),
                       .step = traced_step(object)};
}

std::string format_gateway_line(const GatewayLine& line) {
    return line.time + " " + line.level + " [" + line.source + "] " + line.message;
}

WireStep GatewayLog::step_of(GatewayLine line) {
    if (line.step && !line.step->event.empty()) {
        line.step->event.insert(0, state_);
    }
    auto origin = line.step ? origin_of(*line.step) : Origin{};
    auto kind = line.step ? kind_of(*line.step) : StepKind::gateway_log;
    if (kind == StepKind::reply_stored) {
        learn_reply(line.step->event, line.message);
    } else if (kind == StepKind::accepted && !ends(line.step->event, line.message)) {
        kind = StepKind::gateway_log;
    }
    const auto talk = line.step ? line.step->talk : AgentTalk{};
    return {.kind = kind,
            .app = std::move(origin.app),
            .user_id = std::move(origin.user_id),
            .event = line.step ? line.step->event : "",
            .entry = origin.entry,
            .is_unprompted = is_delivery(kind) && line.step->event.empty(),
            .summary = kind == StepKind::gateway_log
                           ? line.level + " [" + line.source + "] " + line.message
                           : line.message,
            .request = talk.given,
            .response = talk.output,
            .plain = with_ending(talk)};
}

// An event is of the message that it was first named with.
GatewayLog::Origin GatewayLog::origin_of(const TracedStep& step) {
    if (const auto known = events_.find(step.event);
        known != events_.end() && step.message_id.empty()) {
        return known->second;
    }
    Origin origin{
        .entry = step.message_id.empty() ? entry_of_event(step) : entry_of_(step.message_id),
        .app = step.account,
        .user_id = step.user_id};
    // Of several gateways another one's line may be read first: then the next time.
    if (origin.entry != 0 || !step.message_id.empty()) {
        learn(step.event, origin);
    }
    return origin;
}

// Stored while its callback waits for the answer, and named later.
std::uint64_t GatewayLog::entry_of_event(const TracedStep& step) {
    auto& chat = chats_[{step.account, base::lower(step.user_id)}];
    if (kind_of(step) == StepKind::committed) {
        const auto entry = event_after_(step.account, step.user_id, chat.last_stored);
        if (entry != 0) {
            chat.last_stored = entry;
            chat.unnamed.push_back(entry);
        }
        return entry;
    }
    if (step.event.empty() || step.user_id.empty() || chat.unnamed.empty()) {
        return 0;
    }
    const auto entry = chat.unnamed.front();
    chat.unnamed.pop_front();
    return entry;
}

void GatewayLog::go_on_from(const std::vector<WireStep>& steps, std::string_view state) {
    state_ = state.empty() ? "" : std::string(state) + ':';
    for (const auto& step : steps) {
        learn(step.event, {.entry = step.entry, .app = step.app, .user_id = step.user_id});
        if (step.kind == StepKind::reply_stored) {
            learn_reply(step.event, step.summary);
        }
    }
}

void GatewayLog::learn(const std::string& event, Origin origin) {
    if (event.empty() || origin.user_id.empty()) {
        return;
    }
    if (events_.size() >= events_max) {
        events_.clear();
    }
    events_[event] = std::move(origin);
}

void GatewayLog::learn_reply(const std::string& event, std::string_view sentence) {
    if (event.empty()) {
        return;
    }
    if (replies_.size() >= events_max) {
        replies_.clear();
    }
    replies_[event] = message_in(sentence);
}

// Whether what has arrived is the final reply, and not an interim one.
bool GatewayLog::ends(const std::string& event, std::string_view sentence) const {
    const auto known = replies_.find(event);
    return known != replies_.end() && known->second == message_in(sentence);
}

}  // namespace hermes::host::simulator
