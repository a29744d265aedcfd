#include "simulator/gateway_log.hpp"

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

#include "simulator/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t events_max = 100'000;  // far more than wait at any time

StepKind kind_of(const TracedStep& step) {
    if (step.kind == "stored" || step.kind == "known_already") {
        return StepKind::committed;
    }
    if (step.kind == "handed_over") {
        return StepKind::handed_over;
    }
    return step.kind == "reply_stored" ? StepKind::reply_stored : StepKind::gateway_log;
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
                      .user_id = text_member(*step, "user_id")};
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

WireStep GatewayLog::step_of(const GatewayLine& line) {
    const auto kind = line.step ? kind_of(*line.step) : StepKind::gateway_log;
    auto origin = line.step ? origin_of(*line.step) : Origin{};
    return {.kind = kind,
            .app = std::move(origin.app),
            .user_id = std::move(origin.user_id),
            .entry = origin.entry,
            .summary = kind == StepKind::gateway_log
                           ? line.level + " [" + line.source + "] " + line.message
                           : line.message};
}

// A step that names nothing but an event is of the message that this event was first named with.
GatewayLog::Origin GatewayLog::origin_of(const TracedStep& step) {
    if (step.user_id.empty()) {
        const auto known = events_.find(step.event);
        return known == events_.end() ? Origin{} : known->second;
    }
    Origin origin{.entry = step.message_id.empty() ? 0 : entry_of_(step.message_id),
                  .app = step.account,
                  .user_id = step.user_id};
    if (!step.event.empty()) {
        if (events_.size() >= events_max) {
            events_.clear();
        }
        events_.insert_or_assign(step.event, origin);
    }
    return origin;
}

}  // namespace hermes::host::simulator
