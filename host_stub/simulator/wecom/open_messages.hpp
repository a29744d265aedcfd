// The member's messages that something is still to come of, as the steps tell it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

class OpenMessages {
public:
    // Of those that are written after that entry.
    explicit OpenMessages(std::uint64_t after) : after_(after) {}

    void take(const WireStep& step);  // each, in order

    std::size_t count() const noexcept { return open_.size(); }
    std::size_t set_aside() const noexcept { return set_aside_.size(); }  // which is no answer
    bool contains(std::uint64_t entry) const;                             // either
    bool agent_works() const;                                             // on one of them
    std::size_t changes() const noexcept { return changes_; }  // grows while there is progress

private:
    enum class Phase { sent, waits, agent };

    void enter(std::uint64_t entry, Phase phase);
    void close(std::uint64_t entry);

    const std::uint64_t after_;
    std::map<std::uint64_t, Phase> open_{};
    std::set<std::uint64_t> set_aside_{};
    std::size_t changes_ = 0;
};

}  // namespace hermes::host::simulator
