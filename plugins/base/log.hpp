// Lines for the operator, as something that can be passed in. A line has no newline and no secret.
#pragma once

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hermes::base {

enum class Severity { debug, info, warning, error };

class Log {
public:
    // `write` is called from any thread. What is below `lowest` goes nowhere.
    template <std::invocable<Severity, std::string_view> Write>
    requires(!std::same_as<std::remove_cvref_t<Write>, Log>)
        Log(Write write, Severity lowest = Severity::debug)  // NOLINT(google-explicit-constructor)
        : write_(std::move(write)), lowest_(lowest) {}

    // Whether it is worth while to put a line of this severity together.
    bool keeps(Severity severity) const noexcept { return severity >= lowest_; }

    void operator()(Severity severity, std::string_view line) const {
        if (keeps(severity)) {
            write_(severity, line);
        }
    }

private:
    std::function<void(Severity, std::string_view line)> write_;
    Severity lowest_;
};

}  // namespace hermes::base
