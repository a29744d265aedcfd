// Where a request goes, taken apart. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hermes::http {

struct HttpUrl {
    bool tls = false;
    std::string host;  // a name or an address, IPv6 without brackets
    std::uint16_t port = 0;
    std::string authority;  // as the Host field and CONNECT write it: brackets, port if unusual
    std::string target;     // path and query, never empty
};

struct HttpProxy {
    std::string host;
    std::uint16_t port = 0;
    std::string authorization;  // the value of Proxy-Authorization; empty: none
};

// Nothing if it is not an absolute http or https URL.
std::optional<HttpUrl> parse_http_url(std::string_view url);

// Nothing if it is not http://[user:password@]host:port; user and password are percent-decoded.
std::optional<HttpProxy> parse_http_proxy(std::string_view url);

// `host:port` for people, with brackets around an IPv6 address.
std::string host_and_port(const std::string& host, std::uint16_t port);

}  // namespace hermes::http
