#include "outgoing/outgoing_messages.hpp"

#include <cstddef>
#include <utility>
#include <variant>

#include "base/random_hex.hpp"
#include "durable/database/state_error.hpp"
#include "durable/delivery/delivery_result.hpp"
#include "durable/store/host_values.hpp"
#include "outgoing/file_words.hpp"
#include "outgoing/letter_words.hpp"
#include "outgoing/outgoing.hpp"

namespace hermes::wecom {

namespace {

using base::Severity;

constexpr std::size_t question_id_bytes = 16;

}  // namespace

// Planning reads the store and may render a megabyte of Markdown: on no thread that somebody else
// waits for.
bool OutgoingMessages::send(OutboundMessage message, SendHandler handler) {
    return engine_.beside().post(
        [this, message = std::move(message), handler = std::move(handler)]() mutable {
            plan(message, {}, std::move(handler));
        });
}

void OutgoingMessages::say(const App& app, const ChatAddress& member, std::string text,
                           durable::OnlyOnce once) {
    OutboundMessage message;
    message.chat = {member.str()};
    message.text = std::move(text);
    engine_.beside().post([this, message = std::move(message),
                           notice = Notice{.answers = app.account(), .once = std::move(once)}] {
        plan(message, notice, {});
    });
}

void OutgoingMessages::plan(const OutboundMessage& message, std::optional<Notice> notice,
                            SendHandler handler) {
    OutgoingContext context;
    if (notice) {
        context.answered_account = notice->answers;
    } else if (message.reply_to) {
        if (const auto seq = durable::event_seq(*message.reply_to)) {
            context.answered_account = engine_.store().inbox().account_of(*seq);
        }
    }
    context.last_heard = [this](const std::string& chat) {
        return engine_.store().routes().last_heard(chat);
    };
    if (message.question) {
        context.unique = base::random_hex(question_id_bytes);
    }
    const auto settings = settings_.now();
    auto planned = plan_outgoing(message, open_files(message, log_), *settings, context);
    if (auto* refused = std::get_if<SendResult>(&planned)) {
        log_(Severity::error, "not sent to " + message.chat.value + ": " + refused->detail);
        if (refused->error != SendError::store && message.reply_to &&
            message.role == ReplyRole::final_reply) {
            keep_lost(message, *refused, std::move(handler));
        } else {
            tell(std::move(handler), std::move(*refused));
        }
        return;
    }
    auto& ready = std::get<PlannedMessage>(planned);
    if (ready.asked) {
        questions_.remember(*settings->apps->known(ready.message.account), *ready.asked);
    } else if (!ready.ends_numbers_of.empty()) {
        questions_.numbered().forget(ready.message.account, ready.ends_numbers_of);
    }
    if (notice) {
        ready.message.once = std::move(notice->once);
    }
    engine_.submit(std::move(ready.message), std::move(ready.files), std::move(handler));
}

// The agent has finished: what it said must not be only a line of the log.
void OutgoingMessages::keep_lost(const OutboundMessage& message, const SendResult& refused,
                                 SendHandler handler) {
    const auto seq = durable::event_seq(*message.reply_to);
    auto text = text_for_letter(message);
    if (!seq || text.empty()) {
        return tell(std::move(handler), refused);
    }
    durable::LostReply lost{.chat = message.chat.value,
                            .text = std::move(text),
                            .reason = refused.detail,
                            .settles = *seq};
    engine_.store().outbox().keep_lost(
        std::move(lost),
        [this, refused, handler = std::move(handler)](boost::system::error_code error) {
            auto result = refused;
            if (error == durable::StateError::superseded) {
                result = durable::not_stored_result(error);
            } else if (error) {
                result.error = SendError::stopped;  // the event has not been settled
                result.retryable = true;
            }
            tell(handler, std::move(result));
        });
}

void OutgoingMessages::tell(SendHandler handler, SendResult result) {
    if (handler) {
        engine_.loop().post(
            [handler = std::move(handler), result = std::move(result)] { handler(result); });
    }
}

}  // namespace hermes::wecom
