#include "conversation/conversations.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "conversation/agent_message.hpp"

namespace hermes::host {
namespace {

// "corp1 zhangsan event 17": where in the log's terms something happened.
std::string place(const MessageEvent& event) {
    return "account " + event.account + ", chat " + event.chat.value + ", event " + event.id.value;
}

}  // namespace

// A final reply until the adapter has taken it. The adapter's own retries last for hours; only when
// its state can't be written (SendError::store) is the reply still the host's.
struct Conversations::Reply {
    PlatformAdapter* adapter = nullptr;
    MessageEvent event{};
    OutboundMessage message{};
    std::shared_ptr<const void> files{};  // keeps the message's files
    bool is_apology = false;              // for an answer that was refused
    std::chrono::milliseconds next_retry{0};
};

Conversations::Conversations(Agent& agent, SessionIds& ids, Log& log, ConversationOptions options)
    : agent_(agent),
      ids_(ids),
      log_(log),
      options_(std::move(options)),
      trace_(log, options_.traces_talk),
      sessions_([&ids](const SessionKey& key) { return ids.current(key); }),
      sign_of_life_(timer_, options_.sign_of_life) {
    try {
        for (std::size_t i = 0; i < options_.turns_max; ++i) {
            const std::lock_guard lock(mutex_);
            workers_.emplace_back([this] {
                work();
                const std::lock_guard left(mutex_);
                --working_;
                worker_left_.notify_all();
            });
            ++working_;
        }
    } catch (...) {
        stop();
        throw;
    }
}

void Conversations::receive(PlatformAdapter& adapter, MessageEvent event) noexcept {
    const auto command = event.kind == MessageKind::text ? parse_slash_command(event.text)
                                                         : std::optional<SlashCommand>();
    if (command) {
        const auto rest =
            *command == SlashCommand::new_session ? behind_slash_command(event.text) : "";
        answer_command(adapter, event, *command,
                       rest.empty() ? Then::nothing : Then::first_message);
        if (rest.empty()) {
            return;
        }
        event.text = std::string(rest);
    }
    // Before its turn can begin, which has another sign of life.
    sign_of_life_.watch(adapter, event, SignOfLife::Repeat::no, place_of(event));
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return;
        }
        sessions_.enqueue(adapter, std::move(event));
    }
    turn_ready_.notify_one();
}

void Conversations::withdraw(const std::string& platform, const EventId& event) noexcept {
    SessionTable::Withdrawn withdrawn;
    {
        const std::lock_guard lock(mutex_);
        withdrawn = sessions_.withdraw(platform, event);
    }
    for (const auto& [adapter, waited] : withdrawn.waited) {
        sign_of_life_.forget(*adapter, waited);
    }
    if (withdrawn.running) {
        log_.write(
            LogLevel::warning, platform,
            "event " + event.value + " is answered by another gateway: the agent stops here");
        withdrawn.running->cancel.request_stop();
    }
}

void Conversations::work() {
    for (;;) {
        Turn turn;
        {
            std::unique_lock lock(mutex_);
            turn_ready_.wait(lock, [this] { return stopping_ || sessions_.has_ready_turn(); });
            if (stopping_) {
                return;
            }
            turn = sessions_.begin_turn(options_.clock());
        }
        run_turn(turn);
    }
}

// The reply is handed over before the session goes on, so that replies leave in order.
void Conversations::run_turn(const Turn& turn) {
    using Outcome = AgentReply::Outcome;
    AgentReply reply{Outcome::cancelled, "", ""};
    if (turn.adapter->begin(turn.request.event.id)) {
        sign_of_life_.watch(*turn.adapter, turn.request.event, SignOfLife::Repeat::yes,
                            progress_of(turn));
        trace_.begun(turn, options_.traces_talk ? agent_.given(request_of(turn)) : "");
        const auto start = std::chrono::steady_clock::now();
        reply = ask_agent(turn);
        // Only the gateway's stop ends an agent whose answer is still wanted.
        const bool by_gateway = reply.outcome == Outcome::cancelled && claim_answer(turn);
        trace_.ended(turn, reply, std::chrono::steady_clock::now() - start, by_gateway);
    }
    sign_of_life_.forget(*turn.adapter, turn.request.event);
    const bool answered = reply.outcome == Outcome::answered;
    if (reply.outcome != Outcome::cancelled && !ends_with_the_gateway(reply)) {
        if (!claim_answer(turn)) {
            trace_.not_wanted(turn);
        } else if (const auto said = said_instead(turn, reply); said.has_content()) {
            deliver(*turn.adapter, turn.request.event, said);
        } else {
            turn.adapter->settle(turn.request.event.id);
        }
    }
    {
        const std::lock_guard lock(mutex_);
        sessions_.end_turn(turn, answered ? remembered_text(reply) : "");
    }
    turn_ready_.notify_one();
}

// Until it could begin.
AgentReply Conversations::ask_agent(const Turn& turn) {
    using Outcome = AgentReply::Outcome;
    auto reply = ask_agent_once(turn);
    for (auto pause = options_.first_start_pause; reply.outcome == Outcome::no_resources;
         pause = std::min(2 * pause, options_.longest_start_pause)) {
        if (pause == options_.first_start_pause) {
            log_.write(LogLevel::warning, turn.key.platform,
                       place(turn.request.event) + " waits for the agent: " + reply.problem);
        }
        std::unique_lock lock(mutex_);
        const auto token = turn.cancel.get_token();
        stop_begins_.wait_for(lock, token, pause, [] { return false; });
        if (token.stop_requested()) {
            return {Outcome::cancelled, "", ""};
        }
        lock.unlock();
        reply = ask_agent_once(turn);
    }
    return reply;
}

bool Conversations::stop_comes(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    return stop_begins_.wait_for(lock, wait, [this] { return stopping_; });
}

// What fails because the gateway is being ended is no answer. An answer is one.
bool Conversations::ends_with_the_gateway(const AgentReply& reply) {
    using Outcome = AgentReply::Outcome;
    return reply.outcome != Outcome::answered &&
           stop_comes(reply.outcome == Outcome::interrupted ? options_.interrupted_grace
                                                            : options_.failure_grace);
}

AgentReply Conversations::ask_agent_once(const Turn& turn) {
    try {
        return agent_.answer(request_of(turn), turn.cancel.get_token());
    } catch (const std::exception& problem) {
        return {AgentReply::Outcome::failed, "", problem.what()};
    }
}

AgentRequest Conversations::request_of(const Turn& turn) {
    auto request = turn.request;
    request.files = file_limits(turn.adapter->capabilities(), options_.files_room);
    request.say = [this, &turn](std::string text) { say(turn, std::move(text)); };
    return request;
}

void Conversations::say(const Turn& turn, std::string text) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || !sessions_.is_running(turn.key, turn.number)) {
            return;
        }
    }
    turn.adapter->send(
        as_reply_to(turn.request.event, ReplyRole::interim, text_message(std::move(text))), {});
}

// To the member: the answer, or one polite line.
AgentReply Conversations::said_instead(const Turn& turn, AgentReply reply) {
    const auto where = place(turn.request.event);
    if (auto why = why_not_asked(reply, turn.adapter->capabilities())) {
        reply.warnings.push_back(std::move(*why));
    }
    for (const auto& warning : reply.warnings) {
        log_.write(LogLevel::warning, turn.key.platform, where + ": " + warning);
    }
    if (reply.outcome == AgentReply::Outcome::answered) {
        return reply;
    }
    log_.write(LogLevel::warning, turn.key.platform,
               "no answer for " + where + ": " + reply.problem);
    AgentReply apology;
    apology.text = reply.outcome == AgentReply::Outcome::timed_out ? timeout_text(turn.language)
                                                                   : failure_text(turn.language);
    return apology;
}

// False if the answer is not wanted.
bool Conversations::claim_answer(const Turn& turn) {
    const std::lock_guard lock(mutex_);
    return sessions_.claim_answer(turn);
}

SignOfLife::Words Conversations::place_of(const MessageEvent& event) {
    return [this, key = key_of(event), id = event.id]() -> std::optional<std::string> {
        const std::lock_guard lock(mutex_);
        const auto before = stopping_ ? std::nullopt : sessions_.before_last(key, id);
        if (!before) {
            return std::nullopt;
        }
        return queued_text(sessions_.language(key), *before);
    };
}

SignOfLife::Words Conversations::progress_of(const Turn& turn) {
    return [this, key = turn.key, number = turn.number, language = turn.language,
            since = options_.clock()]() -> std::optional<std::string> {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || !sessions_.is_running(key, number)) {
                return std::nullopt;
            }
        }
        return notice_text(language, options_.notice_words, options_.clock() - since);
    };
}

void Conversations::deliver(PlatformAdapter& adapter, const MessageEvent& event, std::string text) {
    deliver({.adapter = &adapter,
             .event = event,
             .message = text_message(std::move(text)),
             .next_retry = options_.first_retry});
}

void Conversations::deliver(PlatformAdapter& adapter, const MessageEvent& event,
                            const AgentReply& said) {
    deliver({.adapter = &adapter,
             .event = event,
             .message = message_of(said, adapter.capabilities()),
             .files = said.files,
             .next_retry = options_.first_retry});
}

void Conversations::deliver(Reply reply) {
    auto message = as_reply_to(reply.event, ReplyRole::final_reply, reply.message);
    auto* adapter = reply.adapter;
    adapter->send(std::move(message),
                  [this, reply = std::move(reply)](const SendResult& result) mutable {
                      conclude(std::move(reply), result);
                  });
}

void Conversations::conclude(Reply reply, const SendResult& result) {
    const auto& platform = reply.event.platform;
    if (result.status != SendStatus::failed) {
        log_.write(LogLevel::debug, platform,
                   std::string(result.status == SendStatus::delivered ? "delivered" : "deferred") +
                       ": reply for " + place(reply.event));
        return;
    }
    log_.write(LogLevel::warning, platform,
               "reply for " + place(reply.event) + " failed: " + result.detail);
    if (result.error == SendError::store && result.retryable) {
        const auto due = std::chrono::steady_clock::now() + reply.next_retry;
        reply.next_retry = std::min(2 * reply.next_retry, options_.longest_retry);
        timer_.at(due, [this, reply = std::move(reply)] { deliver(reply); });
    } else if (result.error == SendError::invalid && !result.retryable && !reply.is_apology) {
        apologize(std::move(reply));
    } else if (result.error != SendError::store && result.error != SendError::stopped) {
        reply.adapter->settle(reply.event.id);  // asking the agent again would not help
    }
}

// No try would bring this answer; who asked shall not wait for it in vain.
void Conversations::apologize(Reply refused) {
    auto language = language_of(refused.event.text);
    if (language != Language::chinese) {
        const std::lock_guard lock(mutex_);
        language = sessions_.language(key_of(refused.event));
    }
    refused.message = text_message(failure_text(language));
    refused.files.reset();
    refused.is_apology = true;
    deliver(std::move(refused));
}

void Conversations::feel(std::function<void()> felt) {
    timer_.post([this, felt = std::move(felt)] {
        { const std::lock_guard lock(mutex_); }
        felt();
    });
}

void Conversations::begin_stop() noexcept {
    std::vector<std::stop_source> running;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        running = sessions_.running_turns();
    }
    stop_begins_.notify_all();
    turn_ready_.notify_all();
    for (auto& turn : running) {
        turn.request_stop();
    }
}

bool Conversations::wait_until_idle(std::chrono::steady_clock::time_point deadline) noexcept {
    begin_stop();
    if (saver_.reached().wait_until(deadline) != std::future_status::ready) {
        return false;
    }
    std::unique_lock lock(mutex_);
    return worker_left_.wait_until(lock, deadline, [this] { return working_ == 0; });
}

void Conversations::stop() noexcept {
    begin_stop();
    workers_.clear();  // joins them
    timer_.stop();
    saver_.stop();
}

}  // namespace hermes::host
