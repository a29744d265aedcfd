#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

namespace {

bool admits(const std::string& wanted, std::string_view value) {
    return wanted.empty() || wanted == value;
}

}  // namespace

bool goes_to_many(std::string_view to_user, std::string_view to_party, std::string_view to_tag) {
    return !to_party.empty() || !to_tag.empty() || to_user == "@all" ||
           to_user.find('|') != std::string_view::npos;
}

bool DeliveryFilter::matches(const Delivered& delivered) const noexcept {
    return admits(app, delivered.app) && admits(corp_id, delivered.corp_id) &&
           (user_id.empty() || same_user_id(user_id, delivered.user_id)) &&
           admits(content, delivered.content) &&
           delivered.content.find(contains) != std::string::npos;
}

bool SendFilter::matches(const SendCall& call) const noexcept {
    return admits(app, call.app) && admits(to_user, call.to_user);
}

std::string_view to_string(EntryState state) noexcept {
    switch (state) {
        case EntryState::sending:
            return "sending";
        case EntryState::acknowledged:
            return "acknowledged";
        case EntryState::failed:
            return "failed";
        case EntryState::delivered:
            return "delivered";
        case EntryState::dropped:
            return "dropped";
        case EntryState::suppressed:
            return "suppressed";
        case EntryState::recalled:
            return "recalled";
    }
    return "";
}

std::string_view to_string(StepKind kind) noexcept {
    switch (kind) {
        case StepKind::callback_sent:
            return "callback_sent";
        case StepKind::callback_replayed:
            return "callback_replayed";
        case StepKind::callback_answered:
            return "callback_answered";
        case StepKind::callback_failed:
            return "callback_failed";
        case StepKind::url_verified:
            return "url_verified";
        case StepKind::token_issued:
            return "token_issued";
        case StepKind::message_sent:
            return "message_sent";
        case StepKind::delivered:
            return "delivered";
        case StepKind::dropped:
            return "dropped";
        case StepKind::suppressed:
            return "suppressed";
        case StepKind::api_called:
            return "api_called";
        case StepKind::fault_met:
            return "fault_met";
        case StepKind::outage_began:
            return "outage_began";
        case StepKind::outage_ended:
            return "outage_ended";
        case StepKind::committed:
            return "committed";
        case StepKind::known_already:
            return "known_already";
        case StepKind::handed_over:
            return "handed_over";
        case StepKind::reply_stored:
            return "reply_stored";
        case StepKind::agent_begun:
            return "agent_begun";
        case StepKind::agent_answered:
            return "agent_answered";
        case StepKind::agent_silent:
            return "agent_silent";
        case StepKind::agent_failed:
            return "agent_failed";
        case StepKind::agent_stopped:
            return "agent_stopped";
        case StepKind::agent_interrupted:
            return "agent_interrupted";
        case StepKind::attempted:
            return "attempted";
        case StepKind::accepted:
            return "accepted";
        case StepKind::put_off:
            return "put_off";
        case StepKind::set_aside:
            return "set_aside";
        case StepKind::gateway_log:
            return "gateway_log";
        case StepKind::gateway_started:
            return "gateway_started";
        case StepKind::gateway_ended:
            return "gateway_ended";
    }
    return "";
}

EntryState state_of(Fate fate) noexcept {
    switch (fate) {
        case Fate::delivered:
            return EntryState::delivered;
        case Fate::dropped:
            return EntryState::dropped;
        case Fate::suppressed:
            return EntryState::suppressed;
    }
    return EntryState::delivered;
}

StepKind step_of(Fate fate) noexcept {
    switch (fate) {
        case Fate::delivered:
            return StepKind::delivered;
        case Fate::dropped:
            return StepKind::dropped;
        case Fate::suppressed:
            return StepKind::suppressed;
    }
    return StepKind::delivered;
}

std::string_view explain(Fate fate) noexcept {
    switch (fate) {
        case Fate::delivered:
            return "the member sees it";
        case Fate::dropped:
            return "dropped without a word: over WeCom's frequency limit";
        case Fate::suppressed:
            return "not shown again: a duplicate of an earlier message";
    }
    return "";
}

}  // namespace hermes::host::simulator
