#include "policy/source_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "base/ascii.hpp"

namespace hermes::wecom {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned ipv4_mapped_bits = 96;  // RFC 4291, section 2.5.5.2: ::ffff:0:0/96
constexpr std::size_t address_length_max = INET6_ADDRSTRLEN - 1;

bool is_ipv4(std::string_view text) noexcept {
    return text.find(':') == std::string_view::npos;
}

std::optional<Bytes> parse_address(std::string_view text) {
    if (text.size() > address_length_max) {
        return std::nullopt;
    }
    const std::string terminated(text);
    if (terminated.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    Bytes bytes{};
    if (is_ipv4(text)) {
        bytes[10] = bytes[11] = 0xff;
        const bool parsed = ::inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1;
        return parsed ? std::optional(bytes) : std::nullopt;
    }
    const bool parsed = ::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1;
    return parsed ? std::optional(bytes) : std::nullopt;
}

std::optional<unsigned> parse_prefix_length(std::string_view text, unsigned longest) {
    unsigned length = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, length);
    const bool valid = error == std::errc{} && rest == end && length <= longest;
    return valid ? std::optional(length) : std::nullopt;
}

std::uint8_t kept_bits_mask(unsigned bits, std::size_t index) noexcept {
    const auto first_bit = static_cast<unsigned>(index) * 8;
    if (bits <= first_bit) {
        return 0;
    }
    const auto kept = std::min(bits - first_bit, 8U);
    return static_cast<std::uint8_t>(0xff00U >> kept);
}

// The peer's address of a link-local connection carries its interface: fe80::1%eth0.
std::string_view without_zone(std::string_view address) noexcept {
    return address.substr(0, address.find('%'));
}

// Some proxies append `ip:port` or `[ip]:port`.
std::string_view without_port(std::string_view entry) noexcept {
    if (entry.starts_with('[') && entry.find(']') != entry.npos) {
        return entry.substr(1, entry.find(']') - 1);
    }
    const auto colon = entry.find(':');
    return colon == entry.rfind(':') ? entry.substr(0, colon) : entry;
}

bool any_contains(const std::vector<Cidr>& networks, std::string_view address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const Cidr& network) { return network.contains(address); });
}

}  // namespace

std::optional<Cidr> Cidr::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    const auto bytes = parse_address(address);
    if (!bytes) {
        return std::nullopt;
    }
    Cidr cidr;
    if (slash != std::string_view::npos) {
        const auto offset = is_ipv4(address) ? ipv4_mapped_bits : 0U;
        const auto length = parse_prefix_length(text.substr(slash + 1), 128 - offset);
        if (!length) {
            return std::nullopt;
        }
        cidr.bits_ = offset + *length;
    }
    for (std::size_t i = 0; i < bytes->size(); ++i) {
        cidr.network_[i] = (*bytes)[i] & kept_bits_mask(cidr.bits_, i);
    }
    return cidr;
}

bool Cidr::contains(std::string_view address) const {
    const auto bytes = parse_address(without_zone(address));
    if (!bytes) {
        return false;
    }
    for (std::size_t i = 0; i < network_.size(); ++i) {
        if (((*bytes)[i] & kept_bits_mask(bits_, i)) != network_[i]) {
            return false;
        }
    }
    return true;
}

std::string_view client_address(std::string_view peer, std::string_view forwarded_for,
                                const std::vector<Cidr>& trusted_proxies) {
    auto client = peer;
    while (!forwarded_for.empty() && any_contains(trusted_proxies, client)) {
        const auto comma = forwarded_for.rfind(',');
        const auto last = comma == std::string_view::npos ? 0 : comma + 1;
        const auto entry = without_port(base::trim(forwarded_for.substr(last)));
        if (!entry.empty()) {  // RFC 9110 5.6.1: empty elements of a list mean nothing
            if (!parse_address(entry)) {
                break;
            }
            client = entry;
        }
        forwarded_for = forwarded_for.substr(0, last == 0 ? 0 : comma);
    }
    return client;
}

bool source_allowed(std::string_view address, const std::vector<Cidr>& allowed) {
    return allowed.empty() || any_contains(allowed, address);
}

}  // namespace hermes::wecom
