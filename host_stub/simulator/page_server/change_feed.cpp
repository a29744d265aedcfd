#include "simulator/page_server/change_feed.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

// Above every number of an earlier run, unless that counted a million changes a second; and small
// enough for a JavaScript number to be exact.
std::uint64_t first_number() {
    const auto now = base::system_clock()().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

std::string message(std::uint64_t newest, std::string_view changes) {
    return R"({"newest":)" + std::to_string(newest) + R"(,"changes":[)" + std::string(changes) +
           "]}";
}

void answer(http::Responder& respond, std::string text) {
    respond({.body = std::move(text), .content_type = "application/json"});
}

}  // namespace

ChangeFeed::ChangeFeed(Snapshot snapshot, ChangeFeedOptions options)
    : snapshot_(std::move(snapshot)), options_(options), newest_(first_number()) {}

ChangeFeed::~ChangeFeed() {
    stop();
}

void ChangeFeed::add(const json::object& change) {
    std::deque<Held> held;
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        ++newest_;
        kept_.push_back(json::serialize(change));
        if (kept_.size() > options_.changes_kept) {
            kept_.pop_front();
        }
        held.swap(held_);
        if (!held.empty()) {
            text = changes_after(newest_ - 1);
        }
    }
    for (auto& [until, respond] : held) {
        answer(respond, text);
    }
}

void ChangeFeed::poll(std::uint64_t after, http::Responder respond) {
    std::unique_lock lock(mutex_);
    if (!is_kept(after)) {
        const auto newest = newest_;
        lock.unlock();
        answer(respond, message(newest, json::serialize(snapshot_())));
    } else if (after < newest_ || stopped_) {
        auto text = changes_after(after);
        lock.unlock();
        answer(respond, std::move(text));
    } else {
        hold(std::move(respond));
    }
}

void ChangeFeed::stop() noexcept {
    std::deque<Held> held;
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        held.swap(held_);
        text = changes_after(newest_);
    }
    for (auto& [until, respond] : held) {
        answer(respond, text);
    }
    scheduler_.stop();
}

bool ChangeFeed::is_kept(std::uint64_t after) const noexcept {
    return after <= newest_ && newest_ - after <= kept_.size();
}

std::string ChangeFeed::changes_after(std::uint64_t after) const {
    std::string changes;
    for (auto i = kept_.size() - (newest_ - after); i < kept_.size(); ++i) {
        changes += (changes.empty() ? "" : ",") + kept_[i];
    }
    return message(newest_, changes);
}

void ChangeFeed::hold(http::Responder respond) {
    held_.push_back({base::steady_clock()() + options_.hold_time, std::move(respond)});
    if (held_.size() > options_.requests_held) {
        answer(held_.front().respond, changes_after(newest_));
        held_.pop_front();
    }
    if (!expiring_) {
        expire_later(options_.hold_time);
    }
}

void ChangeFeed::expire_later(std::chrono::milliseconds time) {
    expiring_ = true;
    scheduler_.after(time, [this] { expire(); });
}

// One task for all: a request is usually answered long before its time.
void ChangeFeed::expire() {
    const std::lock_guard lock(mutex_);
    const auto now = base::steady_clock()();
    while (!held_.empty() && held_.front().until <= now) {
        answer(held_.front().respond, changes_after(newest_));
        held_.pop_front();
    }
    expiring_ = false;
    if (!held_.empty()) {
        expire_later(std::chrono::ceil<std::chrono::milliseconds>(held_.front().until - now));
    }
}

}  // namespace hermes::host::simulator
