// A string that can't be printed by accident.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace hermes::base {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    // The name is long so that it stands out in a review.
    const std::string& expose_secret() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "****"; }

private:
    std::string value_;
};

}  // namespace hermes::base
