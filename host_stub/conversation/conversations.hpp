// Leads every chat: gives its messages to the agent, one at a time, and the answers back to the
// adapter; answers commands at once.
//
// What becomes of an event:
//   the agent answers         final reply (settles it), and interim ones before it
//   it has nothing to say     settled
//   it fails or takes long    final reply: one polite line; the reason is in the log
//   it can't begin for want   tried again, with pauses, until it can
//   of descriptors or memory
//   a command                 final reply, also while the agent works
//   cancelled by a command    settled
//   withdrawn                 its turn ends, nothing is said: somebody else answers it
//   it takes a while          interim replies: its place while it waits, later that work goes on
//   the gateway stops         nothing: it comes again after the next start. A turn that fails is
//                             held back for a moment, since what ends the gateway often ends the
//                             agent's program first
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agents/agent.hpp"
#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "conversation/session.hpp"
#include "conversation/session_ids.hpp"
#include "conversation/sign_of_life.hpp"
#include "conversation/slash_command.hpp"
#include "conversation/turn_trace.hpp"
#include "hermes/platform_adapter.hpp"
#include "output/log.hpp"

namespace hermes::host {

struct ConversationOptions {
    std::size_t turns_max = 32;  // side by side; each has a thread
    SignOfLifeOptions sign_of_life{};
    NoticeWords notice_words{};
    // Between attempts to hand over a reply that an adapter's state could not take: doubles up to
    // the longest.
    std::chrono::milliseconds first_retry{1'000};
    std::chrono::milliseconds longest_retry{60'000};
    // Between attempts to begin a turn for which there were no resources.
    std::chrono::milliseconds first_start_pause{1'000};
    std::chrono::milliseconds longest_start_pause{30'000};
    // How long a failure waits for the gateway's own stop; longer if the agent was told to end.
    std::chrono::milliseconds failure_grace{500};
    std::chrono::milliseconds interrupted_grace{5'000};
    base::Clock clock = base::system_clock();
    // Whether the steps in the log hold what agents are given and say.
    bool traces_talk = false;
    // Where what agents send is kept until it has been taken (agents/answer_files.hpp); empty: they
    // send nothing but text.
    std::filesystem::path files_room{};
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

    // Somebody else answers that event of the platform (hermes/ext/withdrawal.hpp).  [any]
    void withdraw(const std::string& platform, const EventId& event) noexcept;

    // Calls `felt` when its timer has come round, and nobody keeps its lock for himself.  [any]
    void feel(std::function<void()> felt);

    // Cancels the running turns and settles nothing. After it receive does nothing.  [any]
    void begin_stop() noexcept;
    // As begin_stop, and waits for the threads, at most until then: one may wait in
    // PlatformAdapter::begin, which the adapter's stop ends. False: one still runs.
    bool wait_until_idle(std::chrono::steady_clock::time_point deadline) noexcept;
    // As begin_stop, and joins the threads. May be called twice.
    void stop() noexcept;

private:
    struct Reply;

    enum class Then { nothing, first_message };  // of the new session, behind the command
    void answer_command(PlatformAdapter& adapter, const MessageEvent& event, SlashCommand command,
                        Then then);
    void save_ids();
    void work();
    void run_turn(const Turn& turn);
    AgentReply ask_agent(const Turn& turn);
    AgentReply ask_agent_once(const Turn& turn);
    AgentRequest request_of(const Turn& turn);
    void say(const Turn& turn, std::string text);
    bool stop_comes(std::chrono::milliseconds wait);
    bool ends_with_the_gateway(const AgentReply& reply);
    AgentReply said_instead(const Turn& turn, AgentReply reply);
    bool claim_answer(const Turn& turn);
    SignOfLife::Words place_of(const MessageEvent& event);
    SignOfLife::Words progress_of(const Turn& turn);
    void deliver(PlatformAdapter& adapter, const MessageEvent& event, std::string text);
    void deliver(PlatformAdapter& adapter, const MessageEvent& event, const AgentReply& said);
    void deliver(Reply reply);
    void conclude(Reply reply, const SendResult& result);
    void apologize(Reply refused);

    Agent& agent_;
    SessionIds& ids_;
    Log& log_;
    ConversationOptions options_;
    TurnTrace trace_;

    std::mutex mutex_;
    std::condition_variable turn_ready_;
    std::condition_variable_any stop_begins_;
    std::condition_variable worker_left_;
    bool stopping_ = false;
    std::size_t working_ = 0;  // threads
    SessionTable sessions_;

    SignOfLife sign_of_life_;
    base::EventLoop timer_;
    base::EventLoop saver_;  // a disk may take its time, and nobody waits for it
    std::vector<std::jthread> workers_{};
};

}  // namespace hermes::host
