#include "simulator/gateway_log.hpp"

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

#include "simulator/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t events_max = 100'000;  // far more than wait at any time

// What is between `before` and `after`, or the end; empty if `before` is not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto start = text.find(before);
    if (start == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(start + before.size());
    return text.substr(0, text.find(after));
}

StepKind kind_of(std::string_view what) {
    if (what.starts_with("stored after ") || what.starts_with("known already")) {
        return StepKind::committed;
    }
    if (what.starts_with("goes to the agent")) {
        return StepKind::handed_over;
    }
    return what.starts_with("the final reply is stored") ? StepKind::reply_stored
                                                         : StepKind::gateway_log;
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
                       .message = text_member(object, "message")};
}

std::string format_gateway_line(const GatewayLine& line) {
    return line.time + " " + line.level + " [" + line.source + "] " + line.message;
}

WireStep GatewayLog::step_of(const GatewayLine& line) {
    const std::string_view message = line.message;
    const auto colon = message.find(": ");
    const auto subject = message.substr(0, colon);
    const auto what = colon == std::string_view::npos ? "" : message.substr(colon + 2);
    const auto kind = line.level == "debug" ? kind_of(what) : StepKind::gateway_log;
    auto origin = origin_of(subject);
    return {.kind = kind,
            .app = std::move(origin.app),
            .user_id = std::move(origin.user_id),
            .entry = origin.entry,
            .summary = kind == StepKind::gateway_log
                           ? line.level + " [" + line.source + "] " + line.message
                           : std::string(what)};
}

GatewayLog::Origin GatewayLog::origin_of(std::string_view subject) {
    Origin origin;
    if (const auto user = between(subject, " from ", " to "); !user.empty()) {
        origin.user_id = user;
        origin.app = between(subject, " to ", ":");
    }
    if (const auto msgid = between(subject, "MsgId ", " "); !msgid.empty()) {
        origin.entry = entry_of_(msgid);
    }
    if (!subject.starts_with("event ")) {
        return origin;
    }
    const auto event = between(subject, "event ", ",");
    if (origin.user_id.empty()) {
        const auto known = events_.find(event);
        return known == events_.end() ? origin : known->second;
    }
    if (events_.size() >= events_max) {
        events_.clear();
    }
    events_.insert_or_assign(std::string(event), origin);
    return origin;
}

}  // namespace hermes::host::simulator
