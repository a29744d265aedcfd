#include "durable/delivery/delivery_result.hpp"

#include "durable/database/state_error.hpp"

namespace hermes::durable {

SendResult delivered_result(std::string message_id) {
    SendResult result;
    result.status = SendStatus::delivered;
    result.message_id = std::move(message_id);
    return result;
}

SendResult deferred_result(std::string sentence) {
    SendResult result;
    result.status = SendStatus::deferred;
    result.detail = std::move(sentence);
    return result;
}

SendResult entrusted_result(const std::string& reason) {
    return deferred_result("stored; the gateway that runs delivers it" +
                           (reason.empty() ? "" : " when it can: " + reason));
}

SendResult delivered_elsewhere_result() {
    return deferred_result("stored; another gateway delivers it");
}

SendResult gone_result() {
    return deferred_result("stored; it has left the outbox since, without this gateway");
}

SendResult not_stored_result(boost::system::error_code error) {
    SendResult result;
    result.error = error == StateError::stopped ? SendError::stopped : SendError::store;
    result.retryable = error != StateError::superseded;
    result.detail = error == StateError::superseded
                        ? "another gateway has taken the chat over and answers this"
                        : "the message could not be stored: " + error.message();
    return result;
}

SendResult failed_result(const Receipt& last, GiveUp::Reason why, std::string detail) {
    SendResult result;
    const bool is_late = why == GiveUp::Reason::deadline;
    result.error = last.refusal;
    const bool is_rate =
        last.error == base::Failure::slow_down || last.error == base::Failure::fewer_at_once;
    if (is_late && is_rate) {
        result.error = SendError::rate_limited;
    } else if (is_late && last.error == base::Failure::retry_later) {
        result.error = SendError::unreachable;
    }
    result.retryable = is_late;
    result.platform_code = last.code;
    result.detail = std::move(detail);
    return result;
}

}  // namespace hermes::durable
