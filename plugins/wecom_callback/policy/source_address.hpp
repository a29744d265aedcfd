// From which addresses callbacks are taken (`allowed_source_cidrs`, `trusted_proxies`).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hermes::wecom {

// An IPv4 or IPv6 network; IPv4 is held as IPv4-mapped IPv6, so `::ffff:10.0.0.1` is 10.0.0.1.
class Cidr {
public:
    // `10.0.0.0/8`, `2001:db8::/32`, or a single address.
    static std::optional<Cidr> parse(std::string_view text);
    bool contains(std::string_view address) const;

private:
    Cidr() = default;
    std::array<std::uint8_t, 16> network_{};
    unsigned bits_ = 128;
};

// The client's address: `peer`, or, while `peer` is a trusted proxy, the last address of
// `forwarded_for` (X-Forwarded-For) that is none. An entry that is no address ends the walk at the
// proxy that passed it on.
std::string_view client_address(std::string_view peer, std::string_view forwarded_for,
                                const std::vector<Cidr>& trusted_proxies);

// True if `allowed` is empty or one of it contains the address.
bool source_allowed(std::string_view address, const std::vector<Cidr>& allowed);

}  // namespace hermes::wecom
