// Runs a check in a child process.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "plugin_check/plugin_check.hpp"

namespace hermes::host {

// How a check says what it found. Each ends the child process at once, without unwinding: what the
// plugin left behind may be in no state to be destroyed.
class Verdict {
public:
    explicit Verdict(int pipe) noexcept : pipe_(pipe) {}

    [[noreturn]] void passed() const noexcept;
    [[noreturn]] void failed(const std::string& detail) const noexcept;
    [[noreturn]] void skipped(const std::string& detail) const noexcept;

    void require(bool condition, const std::string& otherwise) const noexcept {
        if (!condition) {
            failed(otherwise);
        }
    }

private:
    [[noreturn]] void end(char outcome, const std::string& detail) const noexcept;

    int pipe_;
};

// A check that returns has passed; one that throws, crashes, exits or takes too long has failed.
using Check = std::function<void(const Verdict&)>;

CheckResult run_isolated(std::string name, const Check& check, std::chrono::seconds timeout);

}  // namespace hermes::host
