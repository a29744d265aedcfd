#include "policy/source_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using hermes::wecom::Cidr;
using hermes::wecom::client_address;
using hermes::wecom::source_allowed;

namespace {

std::vector<Cidr> networks(const std::vector<std::string>& texts) {
    std::vector<Cidr> parsed;
    for (const auto& text : texts) {
        parsed.push_back(Cidr::parse(text).value());
    }
    return parsed;
}

bool contains(std::string_view network, std::string_view address) {
    return Cidr::parse(network).value().contains(address);
}

}  // namespace

TEST_SUITE("policy/source_address") {
    TEST_CASE("a network contains its addresses and no others") {
        CHECK(contains("10.0.0.0/8", "10.255.0.1"));
        CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
        CHECK(contains("192.168.1.128/25", "192.168.1.255"));
        CHECK_FALSE(contains("192.168.1.128/25", "192.168.1.127"));
        CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
        CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
        CHECK(contains("0.0.0.0/0", "1.2.3.4"));
        CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
        CHECK(contains("::/0", "1.2.3.4"));
    }

    TEST_CASE("a single address is a network of one") {
        CHECK(contains("101.226.103.1", "101.226.103.1"));
        CHECK_FALSE(contains("101.226.103.1", "101.226.103.2"));
        CHECK(contains("::1", "::1"));
    }

    TEST_CASE("an IPv4 address is the same in either spelling") {
        CHECK(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        CHECK(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
    }

    TEST_CASE("bits behind the prefix do not matter, nor does the interface of a link") {
        CHECK(contains("10.1.2.3/8", "10.9.9.9"));
        CHECK(contains("fe80::/10", "fe80::1%eth0"));
    }

    TEST_CASE("what is no network is refused") {
        for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8",
                                 "10.0.0.0/-1", "::/129", "example.com", "010.0.0.1",
                                 "10.0.0.0/8/8", " 10.0.0.1", "fe80::1%eth0", "10.0.0.0/+8"}) {
            CAPTURE(text);
            CHECK_FALSE(Cidr::parse(text).has_value());
        }
        CHECK_FALSE(Cidr::parse(std::string_view("10.0.0.1\0", 9)).has_value());
        CHECK_FALSE(Cidr::parse(std::string(1000, '1')).has_value());
    }

    TEST_CASE("without a list every source is allowed") {
        CHECK(source_allowed("203.0.113.9", {}));
    }

    TEST_CASE("with a list only what it contains is allowed") {
        const auto allowed = networks({"10.0.0.0/8", "2001:db8::/32"});
        CHECK(source_allowed("10.1.1.1", allowed));
        CHECK(source_allowed("2001:db8::5", allowed));
        CHECK_FALSE(source_allowed("203.0.113.9", allowed));
        CHECK_FALSE(source_allowed("", allowed));
        CHECK_FALSE(source_allowed("unknown", allowed));
    }

    TEST_CASE("the client behind a trusted proxy is the last address that is no proxy of ours") {
        const auto proxies = networks({"10.0.0.0/8", "192.168.0.1"});
        CHECK(client_address("10.0.0.1", "203.0.113.9", proxies) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "198.51.100.1, 203.0.113.9 ,\t192.168.0.1", proxies) ==
              "203.0.113.9");
    }

    TEST_CASE("what a stranger claims in X-Forwarded-For is not believed") {
        CHECK(client_address("203.0.113.9", "10.0.0.1", {}) == "203.0.113.9");
        CHECK(client_address("203.0.113.9", "10.0.0.1", networks({"10.0.0.0/8"})) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "1.1.1.1, 203.0.113.9", networks({"10.0.0.1"})) ==
              "203.0.113.9");
    }

    TEST_CASE("an entry that is no address ends the walk at the proxy that passed it on") {
        const auto proxies = networks({"10.0.0.0/8"});
        CHECK(client_address("10.0.0.1", "203.0.113.9, unknown", proxies) == "10.0.0.1");
        CHECK(client_address("10.0.0.1", "203.0.113.9, [::1", proxies) == "10.0.0.1");
        CHECK(client_address("10.0.0.1", "", proxies) == "10.0.0.1");
        CHECK(client_address("10.0.0.1", ",", proxies) == "10.0.0.1");
    }

    TEST_CASE("empty entries mean nothing, and a port behind an address is no part of it") {
        const auto proxies = networks({"10.0.0.0/8", "2001:db8::/32"});
        CHECK(client_address("10.0.0.1", "203.0.113.9, , 10.0.0.2", proxies) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "203.0.113.9,", proxies) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "203.0.113.9:51234", proxies) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "203.0.113.9, 10.0.0.2:80", proxies) == "203.0.113.9");
        CHECK(client_address("10.0.0.1", "[2a00::1]:443, [2001:db8::1]", proxies) == "2a00::1");
        CHECK(client_address("10.0.0.1", "2a00::1", proxies) == "2a00::1");
    }

    TEST_CASE("a chain of nothing but proxies ends at the first") {
        CHECK(client_address("10.0.0.1", "10.0.0.3, 10.0.0.2", networks({"10.0.0.0/8"})) ==
              "10.0.0.3");
    }
}
