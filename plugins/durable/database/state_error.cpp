#include "durable/database/state_error.hpp"

#include "base/failure.hpp"

namespace hermes::durable {
namespace {

// A fixed id, so that two copies of this category in one process compare equal.
constexpr unsigned long long state_category_id = 0x6e5d'2c1f'94b3'a807ULL;

class StateCategory final : public boost::system::error_category {
public:
    constexpr StateCategory() noexcept : error_category(state_category_id) {}
    const char* name() const noexcept override { return "hermes.state"; }

    std::string message(int value) const override {
        switch (static_cast<StateError>(value)) {
            case StateError::full:
                return "disk full";
            case StateError::locked:
                return "locked by another program";
            case StateError::io:
                return "input/output error";
            case StateError::corrupt:
                return "damaged";
            case StateError::unreachable:
                return "the database server does not answer";
            case StateError::refused:
                return "refused by the database";
            case StateError::stopped:
                return "the store has been stopped";
            case StateError::stuck:
                return "a commit does not end";
            case StateError::superseded:
                return "another gateway has taken it over";
        }
        return "unknown state error";
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override {
        switch (static_cast<StateError>(value)) {
            case StateError::corrupt:
                return make_error_condition(base::Failure::fix_setup);
            case StateError::refused:
            case StateError::superseded:
                return make_error_condition(base::Failure::give_up);
            default:
                return make_error_condition(base::Failure::retry_later);
        }
    }
};

}  // namespace

const boost::system::error_category& state_category() noexcept {
    static constexpr StateCategory category;
    return category;
}

}  // namespace hermes::durable
