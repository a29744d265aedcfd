// What happens on the wire, in lines for a person.
#pragma once

#include <atomic>
#include <cstdint>

#include "simulator/terminal/terminal.hpp"
#include "simulator/wecom/record.hpp"
#include "simulator/wecom/wecom.hpp"

namespace hermes::host::simulator {

class WirePrinter {
public:
    // Both outlive it.
    WirePrinter(WecomSimulator& wecom, Terminal& terminal) : wecom_(wecom), terminal_(terminal) {}

    void print(const WireStep& step);  // by one thread

    // Also the decrypted XML and the exact requests and answers (secrets masked).
    bool toggle_bytes() noexcept { return shows_bytes_ = !shows_bytes_; }
    // The sequence of the latest step that is printed: it runs behind what is recorded.  [any]
    std::uint64_t printed() const noexcept { return printed_; }

private:
    void print_delivery(const WireStep& step);
    void print_bytes(const WireStep& step);

    WecomSimulator& wecom_;
    Terminal& terminal_;
    std::atomic<bool> shows_bytes_ = false;
    std::atomic<std::uint64_t> printed_ = 0;
};

// `zhangsan` as people call him, or the id itself.
std::string member_name(const World& world, std::string_view app, std::string_view user_id);

}  // namespace hermes::host::simulator
