// Load from many chats on gateways that are ended, and what is counted of it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/e2e_world.hpp"

namespace hermes::test {

// Members of this many chats write at the same time. Their answers must stay below WeCom's 30 a
// minute for a member, or pacing would dominate the test's time.
inline constexpr int chats_per_app = 60;
inline constexpr const char* apps[] = {"hr", "it", "sales"};
bool is_long();            // HERMES_LONG_TESTS is set
int messages_per_round();  // and chat

struct Chat {
    std::string app;
    std::string user;
    friend auto operator<=>(const Chat&, const Chat&) = default;
};

// Writes one message after the other in every chat, all chats side by side, while a round lasts.
class Load {
public:
    explicit Load(host::simulator::WecomSimulator& wecom) : wecom_(wecom) {}

    void run_round(int round);
    void wait();  // for the end of the round

    // What the gateway acknowledged, in the order in which each member wrote it.
    std::map<Chat, std::vector<std::string>> acknowledged;
    std::size_t total_acknowledged() const;
    std::atomic<int> refused{0};

private:
    void next(const Chat& chat, int round, int number);
    void written(const Chat& chat, int round, int number, const std::string& text, bool ok);

    host::simulator::WecomSimulator& wecom_;
    std::mutex mutex_;  // guards acknowledged and done_
    std::condition_variable done_;
    std::atomic<int> open_{0};
};

// What WeCom's 30 messages a minute for a member hold back has come by then.
inline constexpr std::chrono::seconds pacing_minute{65};

// Whether everything comes. `is_complete` is asked whenever no reply has come for a moment: it
// takes a process, and a look at all that was ever sent. Until no reply has come for a
// pacing_minute.
bool wait_for_replies(const host::simulator::WecomSimulator& wecom,
                      const std::function<bool()>& is_complete);

// What a chat's member saw, without repetitions, and how many of those there were.
struct Seen {
    std::vector<std::string> texts;
    int repeated = 0;
};

std::map<Chat, Seen> seen_by_members(const host::simulator::WecomSimulator& wecom);

// What was given to the agent in three runs, each of which was killed: the operator's to decide.
std::map<Chat, std::set<std::string>> set_aside(const GatewayFiles& files);

// What was acknowledged and is neither answered nor set aside.
std::vector<std::pair<Chat, std::string>> missing(
    const std::map<Chat, std::vector<std::string>>& acknowledged, const std::map<Chat, Seen>& seen,
    const std::map<Chat, std::set<std::string>>& aside);

// `part` without what is not in `whole` is `whole`, in order.
bool holds_in_order(const std::vector<std::string>& part, const std::vector<std::string>& whole);

}  // namespace hermes::test
