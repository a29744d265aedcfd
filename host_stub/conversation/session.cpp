#include "conversation/session.hpp"

#include <utility>

namespace hermes::host {

SessionKey key_of(const MessageEvent& event) {
    return {event.platform, event.account, event.chat.value};
}

SessionTable::SessionTable(IdOf id_of, std::size_t sessions)
    : id_of_(std::move(id_of)), sessions_max_(sessions) {}

void SessionTable::enqueue(PlatformAdapter& adapter, MessageEvent event) {
    const auto key = key_of(event);
    auto& session = session_of(key);
    if (event.kind == MessageKind::text) {
        session.language = language_of(event.text);
    }
    if (!session.running && session.waiting.empty()) {
        ready_.push_back(key);
    }
    session.waiting.push_back({&adapter, std::move(event)});
}

Turn SessionTable::begin_turn(std::chrono::system_clock::time_point now) {
    Turn turn;
    turn.key = std::move(ready_.front());
    ready_.pop_front();
    auto& session = session_of(turn.key);
    auto next = std::move(session.waiting.front());
    session.waiting.pop_front();
    turn.number = ++turns_;
    turn.adapter = next.adapter;
    turn.language =
        next.event.kind == MessageKind::text ? language_of(next.event.text) : session.language;
    turn.cancel = std::stop_source();
    session.running = Running{turn.number, next.event.id, now, turn.cancel};
    turn.request.event = std::move(next.event);
    turn.request.session_id = session.id;
    turn.request.history = {session.history.begin(), session.history.end()};
    return turn;
}

bool SessionTable::is_running(const SessionKey& key, std::uint64_t turn) const {
    const auto* running = find_running(key, turn);
    return running != nullptr && running->state == Running::State::working;
}

bool SessionTable::claim_answer(const Turn& turn) {
    if (!is_running(turn.key, turn.number)) {
        return false;
    }
    session_of(turn.key).running->state = Running::State::answering;
    return true;
}

void SessionTable::end_turn(const Turn& turn, const std::string& answer) {
    auto& session = session_of(turn.key);
    const bool answered = session.running->state == Running::State::answering;
    session.running.reset();
    if (answered && !answer.empty() && session.id == turn.request.session_id) {
        remember(session, {turn.request.event.text, answer});
    }
    if (!session.waiting.empty()) {
        ready_.push_back(turn.key);
    }
}

std::optional<CancelledTurn> SessionTable::cancel_turn(const SessionKey& key) {
    const auto found = sessions_.find(key);
    if (found == sessions_.end() || !found->second.running ||
        found->second.running->state != Running::State::working) {
        return std::nullopt;
    }
    auto& running = *found->second.running;
    running.state = Running::State::cancelled;
    return CancelledTurn{running.event, running.cancel};
}

SessionTable::Withdrawn SessionTable::withdraw(const std::string& platform, const EventId& event) {
    Withdrawn withdrawn;
    for (auto& [key, session] : sessions_) {
        if (key.platform != platform) {
            continue;
        }
        if (session.running && session.running->event == event && !withdrawn.running) {
            withdrawn.running = cancel_turn(key);
        }
        const bool was_ready = !session.running && !session.waiting.empty();
        std::erase_if(session.waiting, [&](Waiting& one) {
            const bool is_meant = one.event.id == event;
            if (is_meant) {
                withdrawn.waited.emplace_back(one.adapter, std::move(one.event));
            }
            return is_meant;
        });
        if (was_ready && session.waiting.empty()) {
            std::erase(ready_, key);
        }
    }
    return withdrawn;
}

void SessionTable::renew(const SessionKey& key) {
    auto& session = session_of(key);
    session.id = id_of_(key);
    session.history.clear();
    session.history_bytes = 0;
}

std::vector<std::stop_source> SessionTable::running_turns() const {
    std::vector<std::stop_source> turns;
    for (const auto& [key, session] : sessions_) {
        if (session.running) {
            turns.push_back(session.running->cancel);
        }
    }
    return turns;
}

std::optional<std::size_t> SessionTable::before_last(const SessionKey& key,
                                                     const EventId& event) const {
    const auto* session = find(key);
    if (session == nullptr || session->waiting.empty() ||
        session->waiting.back().event.id != event) {
        return std::nullopt;
    }
    return session->waiting.size() - 1 + (session->running ? 1 : 0);
}

SessionStatus SessionTable::status(const SessionKey& key) const {
    SessionStatus status;
    if (const auto* session = find(key)) {
        status.waiting = session->waiting.size();
        if (session->running && session->running->state == Running::State::working) {
            status.running_since = session->running->since;
        }
    }
    return status;
}

Language SessionTable::language(const SessionKey& key) const {
    const auto* session = find(key);
    return session != nullptr ? session->language : Language::english;
}

SessionTable::Session& SessionTable::session_of(const SessionKey& key) {
    auto found = sessions_.find(key);
    if (found == sessions_.end()) {
        if (sessions_.size() >= sessions_max_) {
            forget_oldest();
        }
        found = sessions_.try_emplace(key).first;
        found->second.id = id_of_(key);
    }
    found->second.last_used = ++uses_;
    return found->second;
}

const SessionTable::Session* SessionTable::find(const SessionKey& key) const {
    const auto found = sessions_.find(key);
    return found == sessions_.end() ? nullptr : &found->second;
}

const SessionTable::Running* SessionTable::find_running(const SessionKey& key,
                                                        std::uint64_t turn) const {
    const auto* session = find(key);
    const bool same = session != nullptr && session->running && session->running->turn == turn;
    return same ? &*session->running : nullptr;
}

// Sessions with work to do stay, so the table may be larger than its limit while all are busy.
void SessionTable::forget_oldest() {
    auto oldest = sessions_.end();
    for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
        const bool idle = !it->second.running && it->second.waiting.empty();
        if (idle &&
            (oldest == sessions_.end() || it->second.last_used < oldest->second.last_used)) {
            oldest = it;
        }
    }
    if (oldest != sessions_.end()) {
        sessions_.erase(oldest);
    }
}

void SessionTable::remember(Session& session, Exchange exchange) {
    session.history_bytes += exchange.question.size() + exchange.answer.size();
    session.history.push_back(std::move(exchange));
    while (session.history.size() > history_exchanges_max ||
           (session.history_bytes > history_bytes_max && session.history.size() > 1)) {
        const auto& oldest = session.history.front();
        session.history_bytes -= oldest.question.size() + oldest.answer.size();
        session.history.pop_front();
    }
}

}  // namespace hermes::host
