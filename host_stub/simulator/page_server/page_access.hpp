// Who may use the chat page: who has its key, from the page itself. Pure.
//
// The key comes once in the address that the terminal prints. Browsers keep one jar of cookies for
// all ports, and send them to each: so the cookie is not the key but a digest of it, which is
// enough to look. Its name has the port, since another simulator's must not take its place.
// Whatever changes something brings the key itself in a header, which the page keeps where only it
// can read. Another page in the browser has no key, and could not use it: the Host must be a
// loopback name (else a name of its own could lead here), the Origin of whatever changes something
// the page's own.
#pragma once

#include <string>
#include <string_view>

#include "http/http_server.hpp"

namespace hermes::host::simulator {

class PageAccess {
public:
    explicit PageAccess(std::string key);

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
    const std::string cookie_value_;
};

}  // namespace hermes::host::simulator
