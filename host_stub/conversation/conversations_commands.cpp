// Conversations: what is answered without the agent.
#include <stdexcept>
#include <utility>

#include "conversation/agent_message.hpp"
#include "conversation/conversations.hpp"

namespace hermes::host {

void Conversations::answer_command(PlatformAdapter& adapter, const MessageEvent& event,
                                   SlashCommand command, Then then) {
    const auto key = key_of(event);
    std::optional<CancelledTurn> cancelled;
    SessionStatus status;
    Language language{};
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return;
        }
        if (command == SlashCommand::stop || command == SlashCommand::new_session) {
            cancelled = sessions_.cancel_turn(key);
        }
        if (command == SlashCommand::new_session) {
            ids_.renew(key);
            sessions_.renew(key);
        }
        status = sessions_.status(key);
        language = language_of(event.text) == Language::chinese ? Language::chinese
                                                                : sessions_.language(key);
    }
    const auto running = cancelled ? RunningTurn::cancelled : RunningTurn::none;
    switch (command) {
        case SlashCommand::new_session: {
            auto text = new_session_text(language, running, status.waiting);
            if (then == Then::nothing) {
                deliver(adapter, event, std::move(text));
            } else if (event.attempt == 1) {  // else it has been told
                adapter.send(as_reply_to(event, ReplyRole::interim, text_message(std::move(text))),
                             [](const SendResult&) {});
            }
            break;
        }
        case SlashCommand::stop:
            deliver(adapter, event, stop_text(language, running, status.waiting));
            break;
        case SlashCommand::status:
            deliver(adapter, event, status_text(language, status, options_.clock()));
            break;
        case SlashCommand::help:
            deliver(adapter, event, help_text(language));
            break;
    }
    if (cancelled) {
        cancelled->cancel.request_stop();
        adapter.settle(cancelled->event);
    }
    if (command == SlashCommand::new_session) {
        saver_.post([this] { save_ids(); });
    }
}

void Conversations::save_ids() {
    try {
        ids_.save();
    } catch (const std::runtime_error& problem) {
        log_.write(LogLevel::warning, "gateway", problem.what());
    }
}

}  // namespace hermes::host
