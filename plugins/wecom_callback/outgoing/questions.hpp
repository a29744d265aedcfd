// The questions that were asked and may still be answered, for all gateways of the database.
//
//   remember     before the message that asks is stored
//   numbered     the last question of each chat where choices are numbered lines
//   take         before an event that may answer is handed over: what it answers is looked up
//   complete     at the hand-over: an event that answers becomes a choice
//
// The first answer is the answer: which event it was is one fact (durable/facts/facts.hpp), so that
// of two presses, on whatever gateways, one counts, and the same one again after a restart. What a
// number was read as is another, so that it is not read again by a question that came later. A card
// that was answered is closed: it shows the choice in place of its buttons. That, and what a member
// is told whose press is no answer, goes through the outbox, so it survives a restart as any reply
// does.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/result.hpp"
#include "durable/facts/facts.hpp"
#include "durable/inbox/inbox.hpp"
#include "durable/outbox/outbox.hpp"
#include "hermes/message.hpp"
#include "outgoing/numbered_questions.hpp"
#include "outgoing/question.hpp"
#include "protocol/inbound.hpp"
#include "settings/current_settings.hpp"

namespace hermes::wecom {

// How long a card can be answered: its buttons stay in the chat, and each press has a code of its
// own.
inline constexpr std::chrono::hours card_memory{30 * 24};

class Questions {
public:
    using Submit = std::function<void(durable::NewMessage message)>;

    // `settings`, `facts` and `loop`, the delivery loop, outlive this. `submit` makes a message
    // durable and delivers it.
    Questions(const CurrentSettings& settings, durable::Facts& facts, base::EventLoop& loop,
              base::Clock clock, Submit submit)
        : settings_(settings),
          facts_(facts),
          loop_(loop),
          clock_(std::move(clock)),
          submit_(std::move(submit)),
          numbered_(settings, facts, loop, clock_) {}

    // What is stored after this is stored after it.  [any]
    void remember(const App& app, const AskedQuestion& asked);

    // Those where choices are numbered lines.
    NumberedQuestions& numbered() noexcept { return numbered_; }

    // Of an event that is being made ready (Inbox::Handlers), and which says `message`: takes both
    // if it may answer. `ready` is not called for what is of no use to the agent, such as a second
    // press: the commit that tells the member so settles the event.  [loop]
    bool take(durable::StoredEvent& event, const InboundMessage& message,
              durable::Inbox::Ready& ready);
    // Makes a choice of the event of that number if it has answered: its text is what the member
    // chose in words.  [loop]
    void complete(MessageEvent& event, std::int64_t seq);

private:
    struct Answering;
    using AnsweringPtr = std::shared_ptr<Answering>;
    struct Answer {
        MadeChoice made;
        std::string label;
        std::string asked_in;
    };

    void recall(const AnsweringPtr& answering);
    void read(const AnsweringPtr& answering);
    void press(const AnsweringPtr& answering);
    void claim(const AnsweringPtr& answering, std::size_t choice);
    void read_claim(const AnsweringPtr& answering);
    void claimed(Answering& answering, std::int64_t event, std::size_t choice);
    void end(Answering& answering, std::string_view text, std::string_view label);
    bool put_off(boost::system::error_code error, const AnsweringPtr& answering);
    durable::NewMessage message_to(const Answering& answering) const;

    const CurrentSettings& settings_;
    durable::Facts& facts_;
    base::EventLoop& loop_;
    const base::Clock clock_;
    const Submit submit_;
    NumberedQuestions numbered_;
    std::unordered_map<std::int64_t, Answer> answers_;  // of the loop: until the hand-over
};

}  // namespace hermes::wecom
