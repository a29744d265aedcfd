#include "base/failure.hpp"
#include "durable/media/fetcher.hpp"

namespace hermes::durable {
namespace {

// A fixed id, so that two copies of this category in one process compare equal.
constexpr unsigned long long fetch_category_id = 0x41c7'5b0d'e9a2'6f38ULL;

class FetchCategory final : public boost::system::error_category {
public:
    constexpr FetchCategory() noexcept : error_category(fetch_category_id) {}
    const char* name() const noexcept override { return "hermes.fetch"; }

    std::string message(int value) const override {
        switch (static_cast<FetchError>(value)) {
            case FetchError::too_late:
                return "it did not come in time";
            case FetchError::too_large:
                return "it is too large";
            case FetchError::empty:
                return "it is empty";
            case FetchError::disk_full:
                return "the disk is full";
            case FetchError::disk_trouble:
                return "it cannot be written to the disk";
        }
        return "unknown fetch error";
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override {
        switch (static_cast<FetchError>(value)) {
            case FetchError::too_large:
            case FetchError::empty:
                return make_error_condition(base::Failure::give_up);
            default:
                return make_error_condition(base::Failure::retry_later);
        }
    }
};

}  // namespace

const boost::system::error_category& fetch_category() noexcept {
    static constexpr FetchCategory category;
    return category;
}

}  // namespace hermes::durable
