#include "api/delivery_error.hpp"

#include <string>

#include "base/failure.hpp"

namespace hermes::wecom {

namespace {

class DeliveryCategory final : public boost::system::error_category {
public:
    // The id makes two copies of this category in one process compare equal.
    DeliveryCategory() noexcept : error_category(0x8f3a'61d0'72be'94c5) {}

    const char* name() const noexcept override { return "wecom.delivery"; }

    std::string message(int code) const override {
        switch (static_cast<DeliveryError>(code)) {
            case DeliveryError::not_sent:
                return "WeCom could not be reached";
            case DeliveryError::no_reply:
                return "WeCom did not answer; it may have accepted the message";
            case DeliveryError::file_cut:
                return "the file did not come to its end";
            case DeliveryError::not_wecom:
                return "something else than WeCom answered: check api_base and proxy";
            case DeliveryError::server_error:
                return "WeCom, or a proxy before it, is in trouble; it is tried again by itself";
            case DeliveryError::token_refused:
                return "WeCom refuses an access token that it has just given: check api_base and "
                       "proxy, or wait";
            case DeliveryError::other_corp:
                return "the member belongs to another corp than the app: it was not sent";
            case DeliveryError::overtaken:
                return "another gateway may send it by now: it was not sent";
            case DeliveryError::too_many:
                return "too many requests; it is tried again by itself, more slowly";
            case DeliveryError::bad_credentials:
                return "WeCom refuses corp_id and corp_secret: copy the Secret again from the "
                       "app's page in the admin console";
            case DeliveryError::invalid_user:
                return "WeCom knows no such member, or the app is not visible to them: check the "
                       "user id and the app's visible range";
            case DeliveryError::unlicensed_user:
                return "the member has no licence for this app's API: assign one in the admin "
                       "console";
        }
        return "unknown delivery error " + std::to_string(code);
    }

    boost::system::error_condition default_error_condition(int code) const noexcept override {
        switch (static_cast<DeliveryError>(code)) {
            case DeliveryError::not_sent:
            case DeliveryError::no_reply:
            case DeliveryError::file_cut:
            case DeliveryError::not_wecom:
            case DeliveryError::server_error:
            case DeliveryError::overtaken:
                return base::Failure::retry_later;
            case DeliveryError::too_many:
                return base::Failure::slow_down;
            case DeliveryError::bad_credentials:
                return base::Failure::fix_secret;
            case DeliveryError::token_refused:
                return base::Failure::fix_setup;
            case DeliveryError::unlicensed_user:
                return base::Failure::fix_member;
            case DeliveryError::invalid_user:
            case DeliveryError::other_corp:
                return base::Failure::give_up;
        }
        return base::Failure::give_up;
    }
};

}  // namespace

const boost::system::error_category& delivery_category() noexcept {
    static const DeliveryCategory category;
    return category;
}

}  // namespace hermes::wecom
