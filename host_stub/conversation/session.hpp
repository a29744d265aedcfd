// The bookkeeping of chats: who is waiting, who is being answered, what was said.
//
// One chat of one account is one session; it has one turn at a time, its messages are answered in
// order, and other sessions go on beside it. No threads, no clock, no I/O here.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "agents/agent.hpp"
#include "hermes/platform_adapter.hpp"
#include "output/member_texts.hpp"

namespace hermes::host {

struct SessionKey {
    std::string platform;
    std::string account;
    std::string chat;
    friend auto operator<=>(const SessionKey&, const SessionKey&) = default;
};

SessionKey key_of(const MessageEvent& event);

// One message on its way through the agent.
struct Turn {
    SessionKey key{};
    std::uint64_t number = 0;  // unique in this process
    PlatformAdapter* adapter = nullptr;
    AgentRequest request{};
    Language language = Language::english;
    std::stop_source cancel{std::nostopstate};
};

// A turn that a member has cancelled: its event is to be settled, its agent to be told.
struct CancelledTurn {
    EventId event{};
    std::stop_source cancel{std::nostopstate};
};

// What is remembered of a chat for the agent.
inline constexpr std::size_t history_exchanges_max = 40;
inline constexpr std::size_t history_bytes_max = std::size_t{64} * 1024;
// Chats that are remembered; beyond it the one that has been silent longest begins anew.
inline constexpr std::size_t sessions_max = 10'000;

// Not thread-safe. Its queues are bounded by the adapters, which hand over a limited number of
// unsettled events.
class SessionTable {
public:
    // The session id that a chat has now.
    using IdOf = std::function<std::string(const SessionKey&)>;

    explicit SessionTable(IdOf id_of, std::size_t sessions = sessions_max);

    void enqueue(PlatformAdapter& adapter, MessageEvent event);

    // Whether some chat has a message waiting and no turn running.
    bool has_ready_turn() const noexcept { return !ready_.empty(); }
    // The turn of the chat that has been ready longest; only if there is one.
    Turn begin_turn(std::chrono::system_clock::time_point now);

    // Whether the turn still runs and nobody has cancelled it.
    bool is_running(const SessionKey& key, std::uint64_t turn) const;
    // As is_running; afterwards it is too late to cancel: its answer is on its way.
    bool claim_answer(const Turn& turn);
    // The chat may go on. What was said is remembered unless the session has been renewed.
    void end_turn(const Turn& turn, const std::string& answer);

    std::optional<CancelledTurn> cancel_turn(const SessionKey& key);
    // Asks for its id again, and forgets what was said; waiting messages stay.
    void renew(const SessionKey& key);
    // Work that is for nothing: the turn of that event, if it runs, is cancelled, and no message of
    // that event waits.
    struct Withdrawn {
        std::vector<std::pair<PlatformAdapter*, MessageEvent>> waited{};
        std::optional<CancelledTurn> running{};
    };
    Withdrawn withdraw(const std::string& platform, const EventId& event);
    // For the end of the process: every running turn, none of them marked as cancelled.
    std::vector<std::stop_source> running_turns() const;

    // How many are before that event in its chat, the running turn among them. Nothing if it does
    // not wait, or is not the last that does.
    std::optional<std::size_t> before_last(const SessionKey& key, const EventId& event) const;

    SessionStatus status(const SessionKey& key) const;
    Language language(const SessionKey& key) const;  // of the member's last message

private:
    struct Waiting {
        PlatformAdapter* adapter;
        MessageEvent event;
    };
    struct Running {
        enum class State { working, cancelled, answering };
        std::uint64_t turn = 0;
        EventId event{};
        std::chrono::system_clock::time_point since{};
        std::stop_source cancel{std::nostopstate};
        State state = State::working;
    };
    struct Session {
        std::string id{};
        std::deque<Waiting> waiting{};
        std::optional<Running> running{};
        std::deque<Exchange> history{};
        std::size_t history_bytes = 0;
        Language language = Language::english;
        std::uint64_t last_used = 0;
    };

    Session& session_of(const SessionKey& key);
    const Session* find(const SessionKey& key) const;
    const Running* find_running(const SessionKey& key, std::uint64_t turn) const;
    void forget_oldest();
    static void remember(Session& session, Exchange exchange);

    IdOf id_of_;
    std::size_t sessions_max_;
    std::map<SessionKey, Session> sessions_{};
    std::deque<SessionKey> ready_{};
    std::uint64_t turns_ = 0;
    std::uint64_t uses_ = 0;
};

}  // namespace hermes::host
