#include "http/http_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <system_error>

#include "http/base64.hpp"

namespace hermes::http {

namespace urls = boost::urls;

namespace {

// Nothing for what is there but is no port. Not port_number(): Boost 1.81 takes 99999 for 34463.
std::optional<std::uint16_t> port_of(const urls::url_view& url, std::uint16_t usual) {
    const auto digits = url.port();
    if (digits.empty()) {
        return usual;
    }
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return parsed.ec == std::errc() && port != 0 ? std::optional(port) : std::nullopt;
}

}  // namespace

std::string host_and_port(const std::string& host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    const auto parsed = urls::parse_uri(text);
    if (!parsed || parsed->host().empty()) {
        return std::nullopt;
    }
    const urls::url_view& url = *parsed;
    const bool tls = url.scheme_id() == urls::scheme::https;
    const auto port = port_of(url, tls ? 443 : 80);
    if ((!tls && url.scheme_id() != urls::scheme::http) || !port) {
        return std::nullopt;
    }
    HttpUrl result;
    result.tls = tls;
    result.host = url.host_address();
    result.port = *port;
    result.authority = std::string(url.encoded_host());
    if (*port != (tls ? 443 : 80)) {
        result.authority += ":" + std::to_string(*port);
    }
    result.target = std::string(url.encoded_target());
    if (result.target.empty() || result.target.front() != '/') {
        result.target.insert(0, "/");
    }
    return result;
}

std::optional<HttpProxy> parse_http_proxy(std::string_view text) {
    const auto parsed = urls::parse_uri(text);
    if (!parsed || parsed->scheme_id() != urls::scheme::http || parsed->host().empty()) {
        return std::nullopt;
    }
    const auto port = port_of(*parsed, 80);
    if (!port) {
        return std::nullopt;
    }
    HttpProxy proxy;
    proxy.host = parsed->host_address();
    proxy.port = *port;
    if (parsed->has_userinfo()) {
        proxy.authorization = "Basic " + base64(parsed->user() + ":" + parsed->password());
    }
    return proxy;
}

}  // namespace hermes::http
