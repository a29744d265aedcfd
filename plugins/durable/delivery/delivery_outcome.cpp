// What came of an attempt, and what follows from it: the half of Delivery that decides and records.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/failure.hpp"
#include "durable/delivery/delivery.hpp"

namespace hermes::durable {

using base::Severity;
using base::SteadyTime;

// A completion of the outbox that continues on the loop. A record that was refused is no reason to
// stop: the worst is that the part is sent again after the next start, and this says so.
template <typename Then>
Outbox::Done Delivery::recorded(const char* what, Then then) {
    return [this, what, then = std::move(then)](boost::system::error_code error) mutable {
        if (error && error != StateError::stopped) {
            options_.log(Severity::error, std::string("the store does not take that ") + what +
                                              ": " + error.message() +
                                              "; it may be sent again after the next start");
        }
        loop_.post(std::move(then));
    };
}

// The attempt that has just ended.
std::chrono::milliseconds Delivery::took(const Lane& lane) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - lane.begun_at);
}

void Delivery::finished(Lane& lane, Receipt receipt) {
    if (!receipt.error) {
        delivered(lane, receipt);
    } else if (stepped_down_) {
        release(lane);
    } else if (!own_.contain(lane.shard)) {  // another gateway has it
        let_go(lane, delivered_elsewhere_result());
    } else {
        lane.last = std::move(receipt);
        failed(lane, lane.last);
    }
}

// The oldest part of the lane is nothing to this gateway any more.
void Delivery::let_go(Lane& lane, const SendResult& result) {
    AccountPauses::withdraw(lane);
    const auto message = lane.parts.front().message;
    pop(lane);
    // One that was delivered while it was taken up anew: what follows of its message tells.
    if (std::ranges::find(lane.parts, message, &QueuedPart::message) == lane.parts.end()) {
        results_.give(message, result);
    }
    release(lane);
}

void Delivery::delivered(Lane& lane, const Receipt& receipt) {
    lane.pacing.sent(loop_.now());
    lanes_.taken(lane, loop_.now());
    note({DeliveryEvent::part_delivered, *lane.current});
    pauses_.succeeded(lane);
    const auto& part = *lane.current;
    store_.outbox().record_delivered(
        part.seq, receipt.message_id, took(lane),
        recorded("delivery", [this, &lane, message_id = receipt.message_id] {
            const bool was_last = lane.current->part == lane.current->parts;
            const auto message = lane.current->message;
            pop(lane);
            if (was_last) {
                results_.give(message, delivered_result(message_id));
            }
            release(lane);
        }));
}

void Delivery::failed(Lane& lane, const Receipt& receipt) {
    const auto now = loop_.now();
    const bool is_crowded = receipt.error == base::Failure::fewer_at_once;
    const bool is_unexplained = receipt.error == base::Failure::unexplained;
    lane.unexplained_since =
        is_unexplained ? lane.unexplained_since.value_or(now) : std::optional<SteadyTime>();
    if (is_crowded || receipt.error == base::Failure::slow_down) {
        Lanes::slow_down(lane);
    } else if (is_unexplained || receipt.error == base::Failure::retry_later) {
        Lanes::failed(lane);
    }
    const auto step = next_step({.error = receipt.error,
                                 .attempt = lane.current->attempts + 1,
                                 .unexplained_for = now - lane.unexplained_since.value_or(now),
                                 .now = now,
                                 .deadline = lane.parts.front().deadline,
                                 .chance = chance_(random_)},
                                options_.limits.retry);
    if (const auto* pause = std::get_if<PauseAccount>(&step)) {
        pauses_.pause(lane,
                      {.waits = pause->waits,
                       .error = receipt.error,
                       .refusal = receipt.refusal,
                       .code = receipt.code,
                       .sentence = receipt.sentence},
                      now, chance_(random_));
        // A rate limit goes on through a restart; what somebody mends is tried at once then.
        const bool is_remembered = receipt.error == base::Failure::slow_down;
        put_off(lane, receipt, is_remembered ? lane.queue.pause.until() : now);
        return;
    }
    const bool was_looked_at =
        receipt.error == base::Failure::fix_member || receipt.error == base::Failure::give_up;
    if (!receipt.was_asked) {
        AccountPauses::withdraw(lane);
    } else if (was_looked_at) {
        pauses_.succeeded(lane);  // it is the message that was refused, not the account
    } else {
        pauses_.told_nothing(lane, now);
    }
    if (const auto* retry = std::get_if<RetryAt>(&step)) {
        // The first failure is news, but for one by which the window finds its size.
        if (lane.current->attempts == 0 && !is_crowded) {
            options_.log(Severity::warning,
                         lane.place() + ": not delivered yet: " + receipt.sentence);
        }
        put_off(lane, receipt, retry->when);
    } else {
        give_up(lane, receipt, std::get<GiveUp>(step).reason, receipt.sentence,
                LastAttempt{lane.current->seq, took(lane)});
    }
}

void Delivery::put_off(Lane& lane, const Receipt& receipt, SteadyTime when) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(when - loop_.now());
    note({DeliveryEvent::put_off, *lane.current, receipt.sentence,
          std::max(wait, std::chrono::seconds(0))});
    store_.outbox().record_retry({.seq = lane.current->seq,
                                  .attempts = lane.current->attempts + 1,
                                  .not_before = when,
                                  .code = receipt.code,
                                  .reason = receipt.sentence,
                                  .took = took(lane)},
                                 recorded("delay", [this, &lane, when] {
                                     lane.parts.front().not_before = when;
                                     release(lane);
                                 }));
}

// Its time is up: for the reason of its last failure, of its account's pause, or of none.
void Delivery::give_up_late(Lane& lane) {
    const auto& queue = lane.queue;
    Receipt last = lane.last;
    if (!queue.is_configured) {
        last = {.sentence =
                    "its account is not configured any more: add it again and retry, or "
                    "drop it"};
    } else if (queue.pause.paused()) {
        const auto& cause = queue.pause.cause();
        last = {.error = cause.error,
                .refusal = cause.refusal,
                .code = cause.code,
                .sentence = cause.sentence};
    } else if (!last.error) {
        last = {.refusal = SendError::unreachable,
                .sentence =
                    lane.current->reason.empty() ? "its turn never came" : lane.current->reason};
    }
    const auto sentence = last.sentence;
    give_up(lane, last, GiveUp::Reason::deadline, sentence, std::nullopt);
}

void Delivery::give_up(Lane& lane, const Receipt& last, GiveUp::Reason why,
                       const std::string& sentence, std::optional<LastAttempt> attempt) {
    note({DeliveryEvent::message_set_aside, *lane.current, sentence});
    const bool is_late = why == GiveUp::Reason::deadline;
    auto detail = lane.place() + ": " +
                  (is_late ? "given up, delivery_deadline has passed: " : "") + sentence;
    options_.log(Severity::error, detail);
    const auto message = lane.current->message;
    store_.outbox().record_failed(
        message, last.code, sentence, attempt,
        recorded("failure",
                 [this, &lane, message, result = failed_result(last, why, std::move(detail))] {
                     young_bytes_ -= lanes_.drop(lane, message);
                     pending_ = lanes_.pending();
                     results_.give(message, result);
                     release(lane);
                 }));
}

}  // namespace hermes::durable
