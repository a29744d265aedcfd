#include "operator/message_trace.hpp"

#include <string>

#include "durable/store/host_values.hpp"
#include "incoming/attachment_words.hpp"

namespace hermes::wecom {
namespace {

using Kind = TraceStep::Kind;

Kind kind_of(durable::DeliveryEvent event) {
    switch (event) {
        case durable::DeliveryEvent::attempted:
            return Kind::attempted;
        case durable::DeliveryEvent::part_delivered:
            return Kind::delivered;
        case durable::DeliveryEvent::put_off:
            return Kind::put_off;
        case durable::DeliveryEvent::message_set_aside:
            return Kind::set_aside;
    }
    return Kind::attempted;
}

// "corp:zhangsan" is the chat of zhangsan.
std::string user_of(const std::string& chat) {
    return chat.substr(chat.find(':') + 1);
}

std::string sentence_of(const durable::DeliveryReport& report) {
    const auto& part = report.part;
    std::string subject = "message " + std::to_string(part.message);
    if (part.parts > 1) {
        subject = "part " + std::to_string(part.part) + " of " + std::to_string(part.parts) +
                  " of " + subject;
    }
    std::string why(report.sentence);
    switch (report.event) {
        case durable::DeliveryEvent::attempted:
            return subject + " goes to WeCom, attempt " + std::to_string(part.attempts + 1);
        case durable::DeliveryEvent::part_delivered:
            return "WeCom has accepted " + subject;
        case durable::DeliveryEvent::put_off:
            return subject + " waits, the next attempt is in " +
                   std::to_string(report.wait.count()) + " s at the earliest: " + why;
        case durable::DeliveryEvent::message_set_aside:
            return subject + " is set aside: " + why;
    }
    return why;
}

}  // namespace

void MessageTrace::handed_over(const durable::StoredEvent& stored,
                               const InboundMessage& message) const {
    if (host_ != nullptr) {
        host_->step({.kind = Kind::handed_over,
                     .event = durable::event_id(stored.seq),
                     .message_id = message.msg_id,
                     .account = apps_.now()->name_of(stored.account),
                     .user_id = message.from_user.str(),
                     .sentence = "goes to the agent, attempt " + std::to_string(stored.attempt) +
                                 in_words(stored.files)});
    }
}

void MessageTrace::set_aside(const durable::DeadEvent& event) const {
    if (host_ != nullptr) {
        host_->step({.kind = Kind::set_aside,
                     .event = durable::event_id(event.seq),
                     .account = apps_.now()->name_of(event.account),
                     .user_id = user_of(event.chat),
                     .sentence = "is set aside: " + event.reason});
    }
}

void MessageTrace::reply_stored(std::int64_t event, std::int64_t message) const {
    if (host_ != nullptr) {
        host_->step(
            {.kind = Kind::reply_stored,
             .event = durable::event_id(event),
             .sentence = "the final reply is stored as message " + std::to_string(message)});
    }
}

// What answers an event is delivered with its last part.
void MessageTrace::delivery(const durable::DeliveryReport& report) const {
    const auto& part = report.part;
    if (host_ == nullptr ||
        (report.event == durable::DeliveryEvent::part_delivered && part.part < part.parts)) {
        return;
    }
    host_->step({.kind = kind_of(report.event),
                 .event = part.answers == 0 ? EventId() : durable::event_id(part.answers),
                 .account = apps_.now()->name_of(part.account),
                 .user_id = user_of(part.chat),
                 .sentence = sentence_of(report)});
}

}  // namespace hermes::wecom
