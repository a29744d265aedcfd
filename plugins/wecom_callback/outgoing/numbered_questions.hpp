// The last question of each chat where choices are numbered lines: what a number answers.
//
//   remember   before the message that asks is stored: from here on a number is a text
//   forget     likewise, before an answer that asks nothing is stored
//   deliver    each attempt at the part that asks: once WeCom has taken it, a number answers
//   find       the question that an event may answer
//
// So a number never answers what its member has not got, nor what was asked after it was written.
// That the question is open is on disk before it is written down that the part was delivered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "durable/delivery/courier.hpp"
#include "durable/facts/facts.hpp"
#include "outgoing/question.hpp"
#include "settings/current_settings.hpp"

namespace hermes::wecom {

class NumberedQuestions {
public:
    using Found = base::MoveOnlyFunction<void(base::Result<std::optional<AskedQuestion>>)>;

    // `settings`, `facts` and `loop`, the delivery loop, outlive this.
    NumberedQuestions(const CurrentSettings& settings, durable::Facts& facts, base::EventLoop& loop,
                      base::Clock clock)
        : settings_(settings), facts_(facts), loop_(loop), clock_(std::move(clock)) {}

    void remember(const App& app, const AskedQuestion& asked);                // [any]
    void forget(const std::string& account, const std::string& folded_chat);  // [any]

    // Has it delivered by that one, once it is written down which events are older. A member may
    // answer before WeCom has: numbers wait until it is known what came of it.  [loop]
    void deliver(durable::Parcel parcel, durable::Courier::Done done, durable::Courier& courier);

    void find(const std::string& account, const std::string& folded_chat, std::int64_t event,
              Found found);  // [loop]

private:
    using Chat = std::pair<std::string, std::string>;  // account and chat

    void change(const Chat& chat, const std::string& part, base::WallTime until,
                std::function<void(AskedQuestion& asked, std::int64_t newest_event)> how,
                base::MoveOnlyFunction<void(bool is_written)> then);
    void ended(const Chat& chat);

    const CurrentSettings& settings_;
    durable::Facts& facts_;
    base::EventLoop& loop_;
    const base::Clock clock_;
    // Of the loop: the attempts, and who waits for what comes of one.
    std::map<Chat, std::vector<base::MoveOnlyFunction<void()>>> under_way_;
};

// A courier that has each attempt at a question watched.
class AskingCourier final : public durable::Courier {
public:
    // Both outlive the last `done`.
    AskingCourier(durable::Courier& courier, NumberedQuestions& questions)
        : courier_(courier), questions_(questions) {}

    void deliver(durable::Parcel parcel, Done done) override {
        questions_.deliver(std::move(parcel), std::move(done), courier_);
    }

private:
    durable::Courier& courier_;
    NumberedQuestions& questions_;
};

}  // namespace hermes::wecom
