#include "durable/delivery/delivery.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "base/failure.hpp"

namespace hermes::durable {

namespace {

using base::Severity;
using base::SteadyTime;

constexpr std::chrono::minutes sweep_interval{1};

// Whoever waits for the place does so for longer (replace_visitor.hpp).
constexpr std::chrono::seconds rest_patience{10};

}  // namespace

Delivery::Delivery(base::EventLoop& loop, base::EventLoop& reads, Store& store, Courier& courier,
                   DeliveryOptions options)
    : loop_(loop),
      reads_(reads),
      store_(store),
      courier_(courier),
      options_(std::move(options)),
      lanes_(options_.accounts, options_.limits.lanes),
      pauses_(lanes_, options_.log),
      own_(store.shares() ? Shards() : Shards::all()) {}

void Delivery::start() {
    loop_.post([this] {
        if (!store_.serve_shards_with(*this)) {
            unread_ = own_;
            take_up_pending();
        }
        watch_outside();
        sweep();
    });
}

void Delivery::step_down(std::function<void()> done) {
    stopping_ = true;
    lanes_.stop();
    at_rest_ = std::move(done);
    loop_.at(loop_.now() + rest_patience, [this] { come_to_rest(); });
    note_idle();
}

void Delivery::come_to_rest() {
    if (const auto done = std::exchange(at_rest_, nullptr)) {
        stepped_down_ = true;
        done();
    }
}

void Delivery::stop(std::chrono::steady_clock::time_point deadline) {
    loop_.post([this] {
        stopping_ = true;
        lanes_.stop();
        note_idle();
    });
    std::unique_lock lock(idle_mutex_);
    idle_changed_.wait_until(lock, deadline, [this] { return is_idle_; });
}

void Delivery::submit(NewMessage message, Handler handler) {
    if (stopping_) {
        if (handler) {
            handler(not_stored_result(StateError::stopped));
        }
        return;
    }
    const auto settles = message.settles;
    store_.outbox().enqueue(
        std::move(message), [this, settles, handler = std::move(handler)](
                                base::Result<std::vector<PendingPart>> parts) mutable {
            if (settles && parts && !parts->empty() && options_.on_reply_stored) {
                options_.on_reply_stored(*settles, parts->front().message);
            }
            loop_.post([this, parts = std::move(parts), handler = std::move(handler)]() mutable {
                stored(std::move(parts), std::move(handler));
            });
        });
}

void Delivery::stored(base::Result<std::vector<PendingPart>> parts, Handler handler) {
    if (!parts || parts->empty()) {
        if (handler) {
            handler(
                not_stored_result(parts ? make_error_code(StateError::refused) : parts.error()));
        }
        return;
    }
    if (handler) {
        results_.expect(parts->front().message, std::move(handler));
    }
    add_all(*std::move(parts));
}

void Delivery::configure(std::vector<Account> accounts) {
    options_.accounts = std::move(accounts);
    lanes_.configure(options_.accounts, loop_.now());
    lanes_.share_rates(store_.gateways());
    pauses_.configured(options_.accounts);
    for (const auto& account : options_.accounts) {
        warned_accounts_.erase(account.id);
    }
    for (const auto& account : lanes_.unconfigured()) {
        warn_of_unknown(account);
    }
    pump();
}

void Delivery::go_on() {
    lanes_.share_rates(store_.gateways());
    pump();
}

void Delivery::watch_outside() {
    if (stopping_) {
        return;
    }
    if (!std::exchange(is_looking_, true)) {
        // A failed read changes nothing: the store's own health line tells the operator.
        read([this] { return store_.outbox().outside_changes(); },
             [this](base::Result<std::int64_t> changes) {
                 is_looking_ = false;
                 if (changes && std::exchange(outside_changes_, *changes) != *changes) {
                     take_up_pending();
                     store_.inbox().reload();
                 }
             });
    }
    loop_.at(loop_.now() + outside_changes_interval, [this] { watch_outside(); });
}

void Delivery::add(PendingPart part) {
    if (!own_.contain(shard_of(part.account, part.chat))) {
        results_.give(part.message, delivered_elsewhere_result());
        return;
    }
    if (young_bytes_ + part.content_bytes() > young_bytes_max) {
        part.content.reset();
    }
    const auto bytes = part.content_bytes();
    const auto account = part.account;
    const auto added = lanes_.add(static_cast<QueuedPart&&>(part), account, part.chat, loop_.now());
    if (added == Lanes::Added::known) {
        return;
    }
    young_bytes_ += bytes;
    pending_ = lanes_.pending();
    if (added == Lanes::Added::unknown_account) {
        warn_of_unknown(account);
    }
}

void Delivery::warn_of_unknown(const std::string& account) {
    if (warned_accounts_.insert(account).second) {
        options_.log(Severity::warning, "replies wait for " + options_.describe_unknown(account));
    }
}

// Gives every lane its turn that may have one now, and sees to it that the next one is not missed.
void Delivery::pump() {
    if (std::exchange(is_pumping_, true)) {
        return;  // a lane that ended at once: the loop below goes on
    }
    while (auto* unread = lanes_.next_unread()) {
        read_past(*unread);
    }
    while (auto* lane = store_.is_certain() ? lanes_.next(loop_.now()) : nullptr) {
        begin(*lane);
    }
    is_pumping_ = false;
    wake_at(store_.is_certain() ? lanes_.wake_at() : std::nullopt);  // else go_on() does
}

void Delivery::wake_at(std::optional<SteadyTime> time) {
    if (time && wake_.serial != 0 && wake_.when == *time) {
        return;
    }
    loop_.cancel(std::exchange(wake_, {}));
    if (time) {
        wake_ = loop_.at(*time, [this, at = *time] {
            // Else another has taken its place, since this one was cancelled late.
            if (wake_.when == at) {
                wake_ = {};
            }
            pump();
        });
    }
}

void Delivery::read_past(Lane& lane) {
    read([this, account = lane.queue.account.id,
          chat = lane.chat] { return store_.outbox().delivered_lately(account, chat); },
         [this, &lane](const base::Result<std::vector<SteadyTime>>& times) {
             if (times.has_error()) {  // what was sent is not taken for nothing
                 loop_.at(loop_.now() + unreadable_pause, [this, &lane] { read_past(lane); });
                 return;
             }
             lanes_.know_past(lane, *times, loop_.now());
             pump();
         });
}

void Delivery::begin(Lane& lane) {
    auto& part = lane.parts.front();
    if (part.content) {
        young_bytes_ -= part.content_bytes();
        lane.current = std::move(part.content);
        attempt(lane);
        return;
    }
    read([this, seq = part.seq] { return store_.outbox().load(seq); },
         [this, &lane](base::Result<std::optional<OutboxPart>> loaded_part) {
             loaded(lane, std::move(loaded_part));
         });
}

// Else another gateway sends it by now, or may.
bool Delivery::may_send(int shard) const {
    return own_.contain(shard) && store_.is_certain() && !stepped_down_;
}

// While it was read the chat may have gone to another gateway, and be on its way there.
void Delivery::loaded(Lane& lane, base::Result<std::optional<OutboxPart>> part) {
    if (!own_.contain(lane.shard)) {
        let_go(lane, delivered_elsewhere_result());
        return;
    }
    if (part && !*part) {
        let_go(lane, gone_result());
        return;
    }
    if (part && may_send(lane.shard)) {
        lane.current = std::make_unique<OutboxPart>(std::move(**part));
        attempt(lane);
        return;
    }
    if (!part) {
        lane.parts.front().not_before = loop_.now() + unreadable_pause;
    }
    AccountPauses::withdraw(lane);
    release(lane);
}

void Delivery::attempt(Lane& lane) {
    if (lane.parts.front().deadline <= loop_.now()) {
        AccountPauses::withdraw(lane);
        give_up_late(lane);
        return;
    }
    paces_.with([&](auto& paces) {
        auto& [window, requests] = paces[lane.queue.account.id];
        window = lane.queue.window.size();
        requests.add(loop_.now());
    });
    note({DeliveryEvent::attempted, *lane.current});
    courier_.deliver({.account = lane.queue.account.id,
                      .chat = lane.chat,
                      .payload = lane.current->payload,
                      .file = lane.current->file,
                      .duplicate_check = lane.current->duplicate_check,
                      .is_repeated = lane.current->attempts > 0,
                      .may_go = [this, shard = lane.shard] { return may_send(shard); }},
                     [this, &lane](Receipt receipt) {
                         loop_.post([this, &lane, receipt = std::move(receipt)]() mutable {
                             finished(lane, std::move(receipt));
                         });
                     });
}

Delivery::Pace Delivery::pace_of(const std::string& account) const {
    return paces_.with([&](const auto& paces) {
        const auto found = paces.find(account);
        return found == paces.end()
                   ? Pace{}
                   : Pace{found->second.first, found->second.second.count(loop_.now())};
    });
}

void Delivery::pop(Lane& lane) {
    young_bytes_ -= lane.parts.front().content_bytes();
    lanes_.pop(lane);
    pending_ = lanes_.pending();
}

void Delivery::release(Lane& lane) {
    lanes_.release(lane, loop_.now());
    note_idle();
    pump();
}

void Delivery::sweep() {
    lanes_.sweep(loop_.now());
    loop_.at(loop_.now() + sweep_interval, [this] { sweep(); });
}

void Delivery::note(const DeliveryReport& report) {
    if (options_.on_event) {
        options_.on_event(report);
    }
}

void Delivery::note_idle() {
    if (stopping_ && lanes_.is_idle()) {
        come_to_rest();
        const std::lock_guard lock(idle_mutex_);
        is_idle_ = true;
        idle_changed_.notify_all();
    }
}

}  // namespace hermes::durable
