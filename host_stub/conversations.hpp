// Leads every chat: gives its messages to the agent, one at a time, and the answers back to the
// adapter; answers commands at once.
//
// What becomes of an event:
//   the agent answers         final reply (settles it)
//   it has nothing to say     settled
//   it fails or takes long    final reply: one polite line; the reason is in the log
//   a command                 final reply, also while the agent works
//   cancelled by a command    settled
//   the gateway stops         nothing: it comes again after the next start
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agents/agent.hpp"
#include "hermes/platform_adapter.hpp"
#include "log.hpp"
#include "session.hpp"
#include "session_ids.hpp"
#include "slash_command.hpp"
#include "support/clock.hpp"
#include "timer.hpp"

namespace hermes::host {

struct ConversationOptions {
    std::size_t turns_max = 32;                 // side by side; each has a thread
    std::chrono::milliseconds notice_after{0};  // 0: never
    // Between attempts to hand over a reply that an adapter's state could not take: doubles up to
    // the longest.
    std::chrono::milliseconds first_retry{1'000};
    std::chrono::milliseconds longest_retry{60'000};
    support::Clock clock = support::system_clock();
};

class Conversations {
public:
    // The three outlive this.
    Conversations(Agent& agent, SessionIds& ids, Log& log, ConversationOptions options);
    ~Conversations() { stop(); }
    Conversations(const Conversations&) = delete;
    Conversations& operator=(const Conversations&) = delete;

    // `adapter` stays until stop has returned.  [any]
    void receive(PlatformAdapter& adapter, MessageEvent event) noexcept;

    // Cancels the running turns and settles nothing; joins the threads. After it receive does
    // nothing. May be called twice.
    void stop() noexcept;

private:
    enum class Delivery { fresh, again };
    struct Reply;

    void answer_command(PlatformAdapter& adapter, const MessageEvent& event, SlashCommand command);
    void save_ids();
    void work();
    void run_turn(const Turn& turn);
    AgentReply ask_agent(const Turn& turn);
    std::string text_of(const Turn& turn, const AgentReply& reply);
    bool claim_answer(const Turn& turn);
    std::optional<Timer::Id> schedule_notice(const Turn& turn);
    void give_notice(const Turn& turn);
    void deliver(PlatformAdapter& adapter, const MessageEvent& event, std::string text);
    void deliver(Reply reply);
    void conclude(Reply reply, const SendResult& result);

    Agent& agent_;
    SessionIds& ids_;
    Log& log_;
    ConversationOptions options_;

    std::mutex mutex_;
    std::condition_variable turn_ready_;
    std::condition_variable notice_given_;
    bool stopping_ = false;
    std::optional<std::uint64_t> noticing_{};  // the turn whose notice is being sent
    SessionTable sessions_;

    Timer timer_;
    std::vector<std::thread> workers_{};
};

}  // namespace hermes::host
