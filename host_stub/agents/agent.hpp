// Who answers: one call, one turn of a chat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/host_config.hpp"
#include "hermes/message.hpp"
#include "output/agent_talk.hpp"

namespace hermes::host {

// What was said before in a session, oldest first.
struct Exchange {
    std::string question;
    std::string answer;
};

// Which files an answer may have.
struct FileLimits {
    std::filesystem::path room{};  // where folders for turns are made; empty: there are none
    std::size_t count_max = 0;     // 0: the platform takes none
    std::uint64_t bytes_max = 0;   // of one
};

struct AgentRequest {
    MessageEvent event{};
    std::string session_id{};
    std::vector<Exchange> history{};
    FileLimits files{};
    // Of this turn alone, for files that are part of the answer; empty: there is none.
    std::string files_folder{};
    // What the agent is given as it is, whatever of the above would be made of it; empty: that.
    std::string input{};
    // Says something to the member at once, before the answer. On the calling thread; may be empty.
    std::function<void(std::string text)> say{};
};

// A file that is part of an answer, as the agent names it.
struct NamedFile {
    std::string path{};
    std::optional<MessageKind> kind{};  // none: it is found out
    std::string name{};                 // as the member sees it; empty: its own
    std::string caption{};
};

struct AgentReply {
    enum class Outcome {
        answered,   // what it says is for the member; nothing: there is nothing to say
        failed,     // `problem` is for the operator, one line
        timed_out,  // as failed
        cancelled,  // a stop was requested
        // Ended by a signal that asks to end, and not by us: perhaps because the gateway is to end.
        interrupted,
        no_resources,  // it could not begin for want of descriptors, memory or processes
    };

    Outcome outcome = Outcome::answered;
    std::string text{};
    std::string problem{};
    std::vector<NamedFile> named_files{};   // what with_answer_files makes attachments of
    std::vector<Attachment> attachments{};  // there for as long as somebody holds `files`
    std::shared_ptr<const void> files{};    // shared by all who have a copy of the answer
    std::optional<Question> question{};     // that the text asks
    std::vector<std::string> warnings{};    // for the operator, a line each
    AgentTalk talk{};                       // but for what was given

    bool has_content() const noexcept { return !text.empty() || !attachments.empty() || question; }
};

class Agent {
public:
    Agent() = default;
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    virtual ~Agent() = default;

    // Blocks until there is an answer, or until shortly after `stop` is requested. May be called
    // from several threads at a time.
    virtual AgentReply answer(const AgentRequest& request, std::stop_token stop) = 0;

    // What it gets to see for that, for whoever makes one.
    virtual std::string given(const AgentRequest& request) const {
        return request.input.empty() ? request.event.text : request.input;
    }
};

// `echo: <text>`, at once.
std::unique_ptr<Agent> make_echo_agent();

// A child process per turn: JSON on its stdin, the answer on its stdout.
std::unique_ptr<Agent> make_command_agent(const AgentConfig& config,
                                          const Environment& environment);

// The one that the configuration asks for. `environment` is what child processes get.
std::unique_ptr<Agent> make_agent(const AgentConfig& config, const Environment& environment);

}  // namespace hermes::host
