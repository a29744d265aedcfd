#include "simulator/page_server/page_access.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "simulator/page_server/sha256.hpp"

namespace hermes::host::simulator {

namespace {

// In constant time: the key can't be guessed letter by letter.
bool same_key(std::string_view given, std::string_view key) {
    return given.size() == key.size() && CRYPTO_memcmp(given.data(), key.data(), key.size()) == 0;
}

bool is_local_name(std::string_view host) {
    const auto name = host.substr(0, host.rfind(':'));
    return name == "127.0.0.1" || name == "localhost";
}

std::string cookie_name(const http::HttpRequest& request) {
    const auto host = request.header("Host");
    return "hermes_page_key_" + std::string(host.substr(host.rfind(':') + 1));
}

std::string_view key_cookie(const http::HttpRequest& request) {
    const auto name = cookie_name(request);
    auto cookies = request.header("Cookie");
    while (!cookies.empty()) {
        const auto one = cookies.substr(0, cookies.find("; "));
        if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
            return one.substr(name.size() + 1);
        }
        cookies.remove_prefix(std::min(cookies.size(), one.size() + 2));
    }
    return {};
}

bool is_own_origin(const http::HttpRequest& request) {
    return request.header("Origin") == "http://" + std::string(request.header("Host"));
}

}  // namespace

PageAccess::PageAccess(std::string key)
    : key_(std::move(key)), cookie_value_(sha256_of("cookie of " + key_)) {}

bool PageAccess::lets_in(const http::HttpRequest& request, std::string_view given_key) const {
    return is_local_name(request.header("Host")) && same_key(given_key, key_);
}

std::string PageAccess::cookie(const http::HttpRequest& request) const {
    return cookie_name(request) + "=" + cookie_value_ + "; HttpOnly; SameSite=Strict; Path=/";
}

bool PageAccess::may_look(const http::HttpRequest& request) const {
    return is_local_name(request.header("Host")) && same_key(key_cookie(request), cookie_value_);
}

// A browser names no Origin when a page only reads from its own address; newer ones say so.
bool PageAccess::may_follow(const http::HttpRequest& request) const {
    const auto site = request.header("Sec-Fetch-Site");
    return may_look(request) && (site.empty() || site == "same-origin") &&
           (request.header("Origin").empty() || is_own_origin(request));
}

bool PageAccess::may_change(const http::HttpRequest& request) const {
    return lets_in(request, request.header("X-Page-Key")) && is_own_origin(request);
}

}  // namespace hermes::host::simulator
