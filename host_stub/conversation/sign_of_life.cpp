#include "conversation/sign_of_life.hpp"

namespace hermes::host {

void SignOfLife::watch(PlatformAdapter& adapter, const MessageEvent& event, Repeat repeat,
                       Words words) {
    if (options_.after.count() == 0) {
        return;
    }
    OutboundMessage message;
    message.chat = event.chat;
    message.account = event.account;
    message.reply_to = event.id;
    message.role = ReplyRole::interim;
    const Key key(&adapter, event.id);
    const std::lock_guard lock(mutex_);
    auto& watched = watched_[key];
    timer_.cancel(watched.timer);
    watched = {{}, {}, &adapter, std::move(message), repeat, std::move(words)};
    set_timer(watched, options_.after, key);
}

void SignOfLife::forget(const PlatformAdapter& adapter, const MessageEvent& event) {
    const Key key(&adapter, event.id);
    std::unique_lock lock(mutex_);
    if (const auto found = watched_.find(key); found != watched_.end()) {
        timer_.cancel(found->second.timer);
        watched_.erase(found);
    }
    said_.wait(lock, [&] { return saying_ != key; });
}

void SignOfLife::say(const Key& key) {
    std::unique_lock lock(mutex_);
    const auto found = watched_.find(key);
    if (found == watched_.end() || timer_.now() < found->second.due) {
        return;  // it was too late to cancel the timer
    }
    auto watched = found->second;
    if (watched.repeat == Repeat::yes && options_.every.count() > 0) {
        set_timer(found->second, options_.every, key);
    } else {
        watched_.erase(found);
    }
    saying_ = key;
    lock.unlock();
    if (auto text = watched.words()) {
        watched.message.text = *std::move(text);
        watched.adapter->send(std::move(watched.message), nullptr);
    }
    lock.lock();
    saying_.reset();
    said_.notify_all();
}

void SignOfLife::set_timer(Watched& watched, std::chrono::milliseconds time, const Key& key) {
    watched.due = timer_.now() + time;
    watched.timer = timer_.at(watched.due, [this, key] { say(key); });
}

}  // namespace hermes::host
