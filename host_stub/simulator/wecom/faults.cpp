#include "simulator/wecom/faults.hpp"

#include <algorithm>
#include <utility>

#include "simulator/wecom/api_reply.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

namespace {

bool can_meet(FaultKind kind, Call call) {
    switch (kind) {
        case FaultKind::drop_unread:
            return false;  // see meet_unread
        case FaultKind::delay:
            return true;
        case FaultKind::unreachable:
        case FaultKind::lost_answer:
            return call == Call::callback;
        default:
            return call != Call::callback;
    }
}

bool matches(const Fault& fault, const FaultBoard::Circumstance& circumstance) {
    if (!can_meet(fault.kind, circumstance.call)) {
        return false;
    }
    if (fault.call && *fault.call != circumstance.call) {
        return false;
    }
    if (!fault.app.empty() && fault.app != circumstance.app) {
        return false;
    }
    return fault.user_id.empty() ||
           std::any_of(circumstance.user_ids.begin(), circumstance.user_ids.end(),
                       [&](const auto& id) { return same_user_id(id, fault.user_id); });
}

}  // namespace

std::string_view to_string(Call call) noexcept {
    switch (call) {
        case Call::get_token:
            return "gettoken";
        case Call::send_message:
            return "message/send";
        case Call::upload_media:
            return "media/upload";
        case Call::get_media:
            return "media/get";
        case Call::update_card:
            return "message/update_template_card";
        case Call::get_agent:
            return "agent/get";
        case Call::get_user:
            return "user/get";
        case Call::create_menu:
            return "menu/create";
        case Call::get_menu:
            return "menu/get";
        case Call::delete_menu:
            return "menu/delete";
        case Call::recall_message:
            return "message/recall";
        case Call::other:
            return "other";
        case Call::callback:
            return "callback";
    }
    return "";
}

std::string_view to_string(FaultKind kind) noexcept {
    switch (kind) {
        case FaultKind::api_error:
            return "api_error";
        case FaultKind::http_error:
            return "http_error";
        case FaultKind::drop_unread:
            return "drop_unread";
        case FaultKind::drop_request:
            return "drop_request";
        case FaultKind::drop_answer:
            return "drop_answer";
        case FaultKind::half_answer:
            return "half_answer";
        case FaultKind::hang:
            return "hang";
        case FaultKind::wrong_length:
            return "wrong_length";
        case FaultKind::endless:
            return "endless";
        case FaultKind::delay:
            return "delay";
        case FaultKind::unreachable:
            return "unreachable";
        case FaultKind::lost_answer:
            return "lost_answer";
    }
    return "";
}

Fault api_error(Call call, int code, std::optional<int> times) {
    return {.kind = FaultKind::api_error, .call = call, .times = times, .errcode = code};
}

Fault http_error(Call call, unsigned status, std::optional<int> times) {
    return {.kind = FaultKind::http_error,
            .call = call,
            .times = times,
            .http_status = status,
            .text = "<html><head><title>" + std::to_string(status) + "</title></head><body><h1>" +
                    std::to_string(status) + "</h1></body></html>\n"};
}

Fault connection_fault(FaultKind kind, std::optional<Call> call, std::optional<int> times) {
    return {.kind = kind, .call = call, .times = times};
}

Fault delayed(Call call, std::chrono::milliseconds delay, std::optional<int> times) {
    return {.kind = FaultKind::delay, .call = call, .times = times, .delay = delay};
}

Fault untrusted_ip() {
    return api_error(Call::send_message, errcode::untrusted_ip);
}

FaultId FaultBoard::add(Fault fault) {
    active_.push_back(
        {.id = ++last_id_, .fault = std::move(fault), .since = std::chrono::system_clock::now()});
    tell();
    return last_id_;
}

void FaultBoard::remove(FaultId id) {
    std::erase_if(active_, [&](const ActiveFault& active) { return active.id == id; });
    tell();
}

void FaultBoard::clear() {
    active_.clear();
    tell();
}

void FaultBoard::tell() const {
    if (changed_) {
        changed_();
    }
}

template <typename Predicate>
std::optional<Fault> FaultBoard::take(Predicate matches) {
    const auto found = std::find_if(active_.begin(), active_.end(),
                                    [&](const auto& active) { return matches(active.fault); });
    if (found == active_.end()) {
        return std::nullopt;
    }
    auto fault = found->fault;
    ++found->met;
    if (fault.times && found->met >= *fault.times) {
        active_.erase(found);
    }
    tell();
    return fault;
}

FaultBoard::Met FaultBoard::meet(const Circumstance& circumstance) {
    const auto delay = take([&](const Fault& fault) {
        return fault.kind == FaultKind::delay && matches(fault, circumstance);
    });
    auto other = take([&](const Fault& fault) {
        return fault.kind != FaultKind::delay && matches(fault, circumstance);
    });
    return {.fault = std::move(other),
            .delay = delay ? delay->delay : std::chrono::milliseconds(0)};
}

bool FaultBoard::meet_unread() {
    return take([](const Fault& fault) { return fault.kind == FaultKind::drop_unread; })
        .has_value();
}

}  // namespace hermes::host::simulator
