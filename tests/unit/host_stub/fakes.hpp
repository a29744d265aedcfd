// A platform, an agent and a log that a test leads by hand.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "agents/agent.hpp"
#include "hermes/platform_adapter.hpp"
#include "output/log.hpp"
#include "support/eventually.hpp"

namespace hermes::host::test {

using hermes::test::Mailbox;

struct Sent {
    OutboundMessage message;
    SendHandler handler;  // for the test to call
};

class FakeAdapter final : public PlatformAdapter {
public:
    void start() override {}
    void stop(std::chrono::steady_clock::time_point) noexcept override {}
    void send(OutboundMessage message, SendHandler handler) noexcept override {
        sent.put({std::move(message), std::move(handler)});
    }
    bool begin(const EventId& event) noexcept override {
        const bool may = may_begin;  // read first: whoever sees `begun` may change the answer
        begun.put(event.value);
        return may;
    }
    void settle(const EventId& event) noexcept override { settled.put(event.value); }
    Capabilities capabilities() const noexcept override { return {}; }

    // The text of the next message, or "nothing".
    std::string said() {
        const auto next = sent.take();
        return next ? next->message.text : "nothing";
    }

    Mailbox<Sent> sent{};
    std::atomic<bool> may_begin{true};
    Mailbox<std::string> begun{};
    Mailbox<std::string> settled{};
};

// Works on a question until the test says what to answer to it.
class FakeAgent final : public Agent {
public:
    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        const auto& question = request.event.text;
        asked.put(request);
        std::unique_lock lock(mutex_);
        const auto known = [&] { return replies_.contains(question) || ends_.contains(question); };
        if (!changed_.wait(lock, stop, known)) {
            cancelled.put(question);
            return {AgentReply::Outcome::cancelled, "", ""};
        }
        if (!replies_.contains(question)) {
            return {ends_.at(question), "", "a problem"};
        }
        return replies_.extract(question).mapped();
    }

    // However often it is asked, until there is a reply.
    void end_with(const std::string& question, AgentReply::Outcome outcome) {
        {
            const std::lock_guard lock(mutex_);
            ends_.insert_or_assign(question, outcome);
        }
        changed_.notify_all();
    }

    void reply(const std::string& question, AgentReply reply) {
        {
            const std::lock_guard lock(mutex_);
            replies_.insert_or_assign(question, std::move(reply));
        }
        changed_.notify_all();
    }
    void reply(const std::string& question, std::string answer) {
        reply(question, AgentReply{AgentReply::Outcome::answered, std::move(answer), ""});
    }

    // The text of the next question, or "nothing".
    std::string was_asked() {
        const auto next = asked.take();
        return next ? next->event.text : "nothing";
    }

    Mailbox<AgentRequest> asked{};
    Mailbox<std::string> cancelled{};

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::string, AgentReply> replies_{};
    std::map<std::string, AgentReply::Outcome> ends_{};
};

class FakeLog final : public Log {
public:
    void write(LogLevel level, std::string_view source, std::string_view line) noexcept override {
        if (level >= LogLevel::warning) {
            lines.put(std::string(source) + ": " + std::string(line));
        }
    }
    void write_step(std::string_view source, std::string_view word, const TraceStep& step,
                    const AgentTalk& talk) noexcept override {
        steps.put(std::string(source) + ": " + std::string(word) + " " + step.event.value + ": " +
                  step.sentence + (talk.given.empty() ? "" : " <- " + talk.given) +
                  (talk.output.empty() ? "" : " -> " + talk.output));
    }
    Mailbox<std::string> lines{};
    Mailbox<std::string> steps{};
};

inline MessageEvent event(std::string id, std::string text, std::string chat = "corp:zhangsan",
                          std::string account = "hr") {
    MessageEvent event;
    event.id = {std::move(id)};
    event.platform = "wecom_callback";
    event.account = std::move(account);
    event.chat = {std::move(chat)};
    event.user_id = event.chat.value;
    event.text = std::move(text);
    return event;
}

}  // namespace hermes::host::test
