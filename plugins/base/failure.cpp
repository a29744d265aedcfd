#include "base/failure.hpp"

#include <string>

namespace hermes::base {
namespace {

class FailureCategory final : public boost::system::error_category {
public:
    // With an id two copies of this category, in two libraries of one process, compare equal.
    constexpr FailureCategory() noexcept : error_category(0x8d5b1f0a3c7e4921ULL) {}

    const char* name() const noexcept override { return "hermes.failure"; }

    std::string message(int value) const override {
        switch (static_cast<Failure>(value)) {
            case Failure::refresh_token:
                return "the access token is dead";
            case Failure::retry_later:
                return "a passing trouble: worth another try later";
            case Failure::unexplained:
                return "an error that is not known: worth a few more tries";
            case Failure::slow_down:
                return "too many calls: worth another try after a long wait";
            case Failure::fewer_at_once:
                return "too many calls at once: worth another try soon";
            case Failure::fix_setup:
                return "the setup must be changed first";
            case Failure::fix_secret:
                return "the app's secret must be changed first";
            case Failure::fix_member:
                return "the app must be let reach this member first";
            case Failure::give_up:
                return "this can never work";
        }
        return "unknown kind of failure " + std::to_string(value);
    }
};

constinit const FailureCategory category;

}  // namespace

const boost::system::error_category& failure_category() noexcept {
    return category;
}

}  // namespace hermes::base
