#include "simulator/wecom/open_messages.hpp"

#include <algorithm>

namespace hermes::host::simulator {

void OpenMessages::take(const WireStep& step) {
    if (step.entry <= after_) {
        return;
    }
    switch (step.kind) {
        case StepKind::callback_sent:
            if (!open_.contains(step.entry)) {
                enter(step.entry, Phase::sent);
            }
            break;
        case StepKind::callback_answered:
        case StepKind::callback_failed:
            // What a gateway keeps it has said by now.
            if (const auto found = open_.find(step.entry);
                found != open_.end() && found->second == Phase::sent) {
                close(step.entry);
            }
            break;
        case StepKind::committed:
        case StepKind::handed_over:
        case StepKind::agent_answered:
        case StepKind::agent_failed:
        case StepKind::agent_interrupted:
        case StepKind::reply_stored:
            enter(step.entry, Phase::waits);
            break;
        case StepKind::agent_begun:
            enter(step.entry, Phase::agent);
            break;
        case StepKind::set_aside:
            close(step.entry);
            set_aside_.insert(step.entry);
            break;
        case StepKind::agent_silent:
        case StepKind::agent_stopped:
        case StepKind::accepted:
            close(step.entry);
            break;
        default:
            break;
    }
}

bool OpenMessages::agent_works() const {
    return std::ranges::any_of(open_, [](const auto& one) { return one.second == Phase::agent; });
}

bool OpenMessages::contains(std::uint64_t entry) const {
    return open_.contains(entry) || set_aside_.contains(entry);
}

void OpenMessages::close(std::uint64_t entry) {
    changes_ += open_.erase(entry);
    set_aside_.erase(entry);
}

void OpenMessages::enter(std::uint64_t entry, Phase phase) {
    set_aside_.erase(entry);
    const auto [at, is_new] = open_.try_emplace(entry, phase);
    changes_ += is_new || at->second != phase ? 1 : 0;
    at->second = phase;
}

}  // namespace hermes::host::simulator
