#include "bad_inspector.hpp"

#include <mutex>
#include <stdexcept>
#include <vector>

#include "derived_error.hpp"
#include "fault.hpp"

namespace {

struct Letters {
    std::mutex mutex{};
    int last = 0;
    std::vector<hermes::DeadLetter> dead{};
};

Letters& letters() {
    static Letters all;
    return all;
}

bool fits(const hermes::DeadLetter& letter, const hermes::DeadLetterFilter& filter) {
    const bool any_code = !filter.platform_code || (*filter.platform_code == 0 &&
                                                    fault != Fault::retry_all_looks_for_code_0);
    return (any_code || fault == Fault::retry_all_ignores_code ||
            letter.platform_code == *filter.platform_code) &&
           (!filter.since || fault == Fault::retry_all_ignores_since ||
            letter.created_at >= *filter.since) &&
           (filter.account.empty() || fault == Fault::retry_all_ignores_account ||
            letter.account == filter.account);
}

class MinimalInspector final : public hermes::StateInspector {
public:
    hermes::StateSummary summary() override {
        hermes::StateSummary summary;
        summary.location = "memory";
        return summary;
    }

    std::vector<hermes::DeadLetter> dead_letters(std::size_t limit) override {
        const std::lock_guard lock(letters().mutex);
        auto found = letters().dead;
        if (found.size() > limit) {
            found.resize(limit);
        }
        return found;
    }

    std::optional<hermes::DeadLetter> dead_letter(const std::string& id) override {
        for (auto& letter : dead_letters(letters().dead.size())) {
            if (letter.id == id) {
                letter.platform_code = fault == Fault::shows_other_code ? -1 : letter.platform_code;
                return letter;
            }
        }
        return std::nullopt;
    }

    bool retry(const std::string& id) override {
        return remove([&](const auto& letter) { return letter.id == id; }) > 0;
    }

    std::size_t retry_all(const hermes::DeadLetterFilter& filter) override {
        if (fault == Fault::retry_all_throws) {
            throw std::runtime_error("not today");
        }
        if (fault == Fault::retry_all_throws_derived) {
            throw DerivedError("not today");
        }
        const auto count = remove([&](const auto& letter) {
            return fits(letter, filter) &&
                   (fault != Fault::retry_all_leaves_some || letter.platform_code != 2);
        });
        if (fault == Fault::retry_all_counts_nothing && count == 0) {
            return 1;
        }
        return fault == Fault::retry_all_miscounts ? count / 2 : count;
    }

    bool drop(const std::string& id) override { return retry(id); }

private:
    template <typename Which>
    std::size_t remove(Which which) {
        const std::lock_guard lock(letters().mutex);
        return std::erase_if(letters().dead, which);
    }
};

}  // namespace

void add_dead_letter() {
    const std::lock_guard lock(letters().mutex);
    const int number = ++letters().last;
    hermes::DeadLetter letter;
    letter.id = "out-" + std::to_string(number);
    letter.side = hermes::StateSide::outbox;
    letter.account = number % 2 == 0 ? "even" : "odd";
    letter.created_at = std::chrono::system_clock::now();
    letter.platform_code = number % 3;
    letters().dead.push_back(std::move(letter));
}

std::unique_ptr<hermes::StateInspector> inspect(const hermes::AdapterContext&) {
    return std::make_unique<MinimalInspector>();
}
