// Who may use the chat page: who has its key, from the page itself. Pure.
//
// The key comes once in the address that the terminal prints, and then as a cookie, with the port
// in its name: browsers keep one jar for all ports, and another simulator's key must not take its
// place. Another page in the browser has no key, and could not use it: the Host must be a loopback
// name (else a name of its own could lead here), the Origin of whatever changes something the
// page's own.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "http/http_server.hpp"

namespace hermes::host::simulator {

class PageAccess {
public:
    explicit PageAccess(std::string key) : key_(std::move(key)) {}

    const std::string& key() const noexcept { return key_; }

    // Whether the query of an address brings the key.
    bool lets_in(const http::HttpRequest& request, std::string_view given_key) const;
    std::string cookie(const http::HttpRequest& request) const;  // for Set-Cookie

    bool may_look(const http::HttpRequest& request) const;
    // As may_look, for what is held open: no other page may let it wait, although none could read
    // the answer.
    bool may_follow(const http::HttpRequest& request) const;
    bool may_change(const http::HttpRequest& request) const;

private:
    const std::string key_;
};

}  // namespace hermes::host::simulator
