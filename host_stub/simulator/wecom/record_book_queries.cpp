// What has happened, for who asks and who waits.
#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "simulator/wecom/record_book.hpp"

namespace hermes::host::simulator {

namespace {

template <typename Item>
std::vector<Item> latest(const std::deque<Item>& items, std::size_t count) {
    const auto left_out = items.size() - std::min(items.size(), count);
    return {items.begin() + static_cast<std::ptrdiff_t>(left_out), items.end()};
}

template <typename Deliveries>
auto first_after(Deliveries& deliveries, std::uint64_t number) {
    return std::upper_bound(
        deliveries.begin(), deliveries.end(), number,
        [](std::uint64_t wanted, const Delivered& item) { return wanted < item.number; });
}

}  // namespace

std::optional<base::WallTime> RecordBook::sent_at(std::string_view app,
                                                  std::string_view msgid) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const auto& entry) {
        return entry.from == ChatEntry::From::app && entry.app == app && entry.msgid == msgid;
    });
    return found == entries_.rend() ? std::nullopt : std::optional(found->at);
}

std::vector<SendCall> RecordBook::sends(const SendFilter& filter) const {
    const std::lock_guard lock(mutex_);
    std::vector<SendCall> found;
    std::copy_if(sends_.begin(), sends_.end(), std::back_inserter(found),
                 [&](const SendCall& call) { return filter.matches(call); });
    return found;
}

std::vector<Delivered> RecordBook::deliveries(const DeliveryFilter& filter) const {
    const std::lock_guard lock(mutex_);
    std::vector<Delivered> found;
    std::copy_if(deliveries_.begin(), deliveries_.end(), std::back_inserter(found),
                 [&](const Delivered& delivered) { return filter.matches(delivered); });
    return found;
}

std::vector<WireStep> RecordBook::steps(std::uint64_t after) const {
    const std::lock_guard lock(mutex_);
    const auto first = std::upper_bound(
        steps_.begin(), steps_.end(), after,
        [](std::uint64_t wanted, const WireStep& step) { return wanted < step.sequence; });
    return {first, steps_.end()};
}

std::vector<WireStep> RecordBook::latest_steps(std::size_t count) const {
    const std::lock_guard lock(mutex_);
    return latest(steps_, count);
}

std::vector<WireStep> RecordBook::open_steps(std::uint64_t before) const {
    const std::lock_guard lock(mutex_);
    std::vector<WireStep> found;
    std::copy_if(steps_.begin(), std::ranges::lower_bound(steps_, before, {}, &WireStep::sequence),
                 std::back_inserter(found),
                 [&](const WireStep& step) { return open_.contains(step.entry); });
    return found;
}

std::vector<WireStep> RecordBook::steps_of(std::uint64_t entry) const {
    const std::lock_guard lock(mutex_);
    std::vector<WireStep> found;
    std::copy_if(steps_.begin(), steps_.end(), std::back_inserter(found),
                 [&](const WireStep& step) { return step.entry == entry; });
    return found;
}

std::optional<WireStep> RecordBook::step(std::uint64_t sequence) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::lower_bound(
        steps_.begin(), steps_.end(), sequence,
        [](const WireStep& step, std::uint64_t wanted) { return step.sequence < wanted; });
    return found == steps_.end() || found->sequence != sequence ? std::nullopt
                                                                : std::optional(*found);
}

std::vector<ChatEntry> RecordBook::entries() const {
    const std::lock_guard lock(mutex_);
    return {entries_.begin(), entries_.end()};
}

std::optional<ChatEntry> RecordBook::entry(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::lower_bound(entries_, number, {}, &ChatEntry::number);
    return found == entries_.end() || found->number != number ? std::nullopt
                                                              : std::optional(*found);
}

std::vector<ChatEntry> RecordBook::latest_entries(std::size_t count,
                                                  std::size_t of_each_chat) const {
    const std::lock_guard lock(mutex_);
    std::vector<ChatEntry> found;
    std::map<std::pair<std::string_view, std::string>, std::size_t> in_chat;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
        if (++in_chat[{entry->app, base::lower(entry->user_id)}] <= of_each_chat ||
            found.size() < count) {
            found.push_back(*entry);
        }
    }
    std::ranges::reverse(found);
    return found;
}

std::uint64_t RecordBook::entry_of_msgid(std::string_view msgid) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const auto& entry) {
        return entry.from == ChatEntry::From::member && entry.msgid == msgid;
    });
    return found == entries_.rend() ? 0 : found->number;
}

std::uint64_t RecordBook::event_under_way(std::string_view app, std::string_view user_id,
                                          std::uint64_t after) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(entries_, [&](const ChatEntry& entry) {
        return entry.number > after && entry.from == ChatEntry::From::member &&
               entry.state == EntryState::sending && entry.type == "event" &&
               entry.content != "[enter_agent]" && entry.app == app &&
               same_user_id(entry.user_id, user_id);
    });
    return found == entries_.end() ? 0 : found->number;
}

std::size_t RecordBook::calls(Call call, const std::string& app) const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [key, calls] : calls_) {
        count += key.first == call && (app.empty() || key.second == app) ? calls : 0;
    }
    return count;
}

std::optional<Delivered> RecordBook::take_delivery(const DeliveryFilter& filter,
                                                   Deadline deadline) {
    std::unique_lock lock(mutex_);
    std::uint64_t seen = 0;  // no delivery up to this number matches
    std::optional<Delivered> taken;
    changed_.wait_until(lock, deadline, [&] {
        const auto found =
            std::find_if(first_after(untaken_, seen), untaken_.end(),
                         [&](const Delivered& item) { return filter.matches(item); });
        if (found == untaken_.end()) {
            seen = untaken_.empty() ? seen : untaken_.back().number;
            return false;
        }
        taken = std::move(*found);
        untaken_.erase(found);
        return true;
    });
    return taken;
}

void RecordBook::wait_deliveries(const DeliveryFilter& filter, std::size_t count,
                                 Deadline deadline) const {
    std::unique_lock lock(mutex_);
    std::uint64_t seen = 0;  // deliveries up to this number are counted
    std::size_t matching = 0;
    changed_.wait_until(lock, deadline, [&] {
        for (auto at = first_after(deliveries_, seen); at != deliveries_.end(); ++at) {
            seen = at->number;
            matching += filter.matches(*at) ? 1 : 0;
        }
        return matching >= count;
    });
}

bool RecordBook::wait(const std::function<bool()>& reached, Deadline deadline) const {
    std::unique_lock lock(mutex_);
    while (true) {
        const auto before = happenings_;
        lock.unlock();
        if (reached()) {
            return true;
        }
        lock.lock();
        if (!changed_.wait_until(lock, deadline, [&] { return happenings_ != before; })) {
            return false;
        }
    }
}

}  // namespace hermes::host::simulator
