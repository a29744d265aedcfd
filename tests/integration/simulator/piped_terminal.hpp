// A terminal that nobody sees, and what was printed to it.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "simulator/terminal/terminal.hpp"

namespace hermes::test {

class PipedTerminal {
public:
    ~PipedTerminal() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    PipedTerminal() = default;
    PipedTerminal(const PipedTerminal&) = delete;
    PipedTerminal& operator=(const PipedTerminal&) = delete;

    // Waits for something.
    std::string read() const {
        std::array<char, 256> buffer{};
        const auto count = ::read(ends_[0], buffer.data(), buffer.size());
        REQUIRE(count > 0);
        return {buffer.data(), static_cast<std::size_t>(count)};
    }

private:
    static std::array<int, 2> make_pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        return ends;
    }

    const std::array<int, 2> ends_ = make_pipe();

public:
    host::simulator::Terminal terminal{ends_[0], ends_[1]};
};

}  // namespace hermes::test
