#include "to_result.hpp"

#include "api/delivery_error.hpp"
#include "durable/state_error.hpp"
#include "protocol/api_error.hpp"

namespace hermes::wecom {

namespace {

SendError send_error(const DeliveryReport& report) {
    if (report.past_deadline && report.error == base::Failure::slow_down) {
        return SendError::rate_limited;
    }
    if (report.past_deadline && report.error == base::Failure::retry_later) {
        return SendError::unreachable;
    }
    if (report.error == DeliveryError::invalid_user) {
        return SendError::not_found;
    }
    if (report.error == DeliveryError::stopped) {
        return SendError::stopped;
    }
    if (report.error.category() == durable::state_category()) {
        return SendError::store;
    }
    const bool forbidden = report.error == base::Failure::fix_setup ||
                           report.error == base::Failure::fix_secret ||
                           report.error == base::Failure::fix_member;
    return forbidden ? SendError::forbidden : SendError::invalid;
}

}  // namespace

SendResult to_result(const DeliveryReport& report) {
    SendResult result;
    switch (report.status) {
        case DeliveryReport::Status::delivered:
            result.status = SendStatus::delivered;
            result.message_id = report.msgid;
            return result;
        case DeliveryReport::Status::deferred:
            result.status = SendStatus::deferred;
            result.detail = "stored; it goes out after the next start";
            return result;
        case DeliveryReport::Status::failed:
            break;
    }
    result.error = send_error(report);
    result.retryable = report.past_deadline || result.error == SendError::store ||
                       result.error == SendError::stopped;
    if (report.error.category() == api_category()) {
        result.platform_code = report.error.value();
    }
    result.detail = report.sentence;
    return result;
}

}  // namespace hermes::wecom
