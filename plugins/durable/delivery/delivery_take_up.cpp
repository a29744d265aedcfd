// How the delivery learns what is to be delivered: page by page at the start and where shards come,
// and what others tell that they have stored.
#include <utility>

#include "durable/delivery/delivery.hpp"
#include "durable/outbox/outbox.hpp"
#include "durable/store/store.hpp"

namespace hermes::durable {

void Delivery::take_up_pending() {
    if (std::exchange(is_taking_up_, true)) {
        takes_up_again_ = true;  // what is being read may lack what this is about
        return;
    }
    take_up_page(own_, 0);
}

// Page by page: a hundred thousand are neither read at once nor taken in at once.
void Delivery::take_up_page(Shards own, std::int64_t after) {
    read([this, own, after] { return store_.outbox().pending(own, after); },
         [this, own, after](base::Result<std::vector<PendingPart>> parts) {
             if (!parts) {
                 options_.log(base::Severity::error,
                              "the outbox cannot be read: " + parts.error().message());
                 loop_.at(loop_.now() + unreadable_pause,
                          [this, own, after] { take_up_page(own, after); });
                 return;
             }
             const bool is_last = parts->size() < pending_page_rows;
             const auto last = parts->empty() ? after : parts->back().seq;
             for (auto& part : *parts) {
                 add(std::move(part));
             }
             if (is_last) {
                 is_taking_up_ = false;
                 if (std::exchange(takes_up_again_, false)) {
                     take_up_pending();
                 }
                 end_reading();
             } else {
                 pump();
                 take_up_page(own, last);
             }
         });
}

void Delivery::add_all(std::vector<PendingPart> parts) {
    for (auto& part : parts) {
        if (unread_.contain(shard_of(part.account, part.chat))) {
            behind_unread_.push_back(std::move(part));
        } else {
            add(std::move(part));
        }
    }
    pump();
}

void Delivery::end_reading() {
    if (is_taking_up_ || looks_ > 0) {
        pump();
        return;
    }
    unread_ = {};
    auto parts = std::exchange(behind_unread_, {});
    for (auto& part : parts) {
        part.content.reset();  // read when its turn comes: it may have been found, and sent, since
    }
    add_all(std::move(parts));
}

void Delivery::take(Shards shards) {
    own_ |= shards;
    unread_ |= shards;
    take_up_pending();
}

void Delivery::leave(Shards shards) {
    own_ -= shards;
    const auto left = lanes_.leave(shards);
    young_bytes_ -= left.bytes;
    for (const auto message : left.messages) {
        results_.give(message, delivered_elsewhere_result());
    }
    pending_ = lanes_.pending();
}

void Delivery::look_at(const Stored& stored) {
    if (stored.is_anything) {
        unread_ |= own_;
        take_up_pending();
    }
    if (stored.messages.empty()) {
        return;
    }
    unread_ |= stored.message_shards;
    ++looks_;
    read([this, messages = stored.messages] { return store_.outbox().pending_of(messages); },
         [this](base::Result<std::vector<PendingPart>> parts) {
             --looks_;
             if (!parts) {
                 take_up_pending();
                 return;
             }
             for (auto& part : *parts) {
                 add(std::move(part));
             }
             end_reading();
         });
}

}  // namespace hermes::durable
