// The access tokens that WeCom has given out. Pure: the caller brings the time and new values.
//
// WeCom doc 91039: a token is one app's; asked again while it is valid, WeCom gives the same one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hermes::host::simulator {

class AccessTokens {
public:
    struct Issued {
        std::string value;
        std::int64_t expires_in_s = 0;  // what is left of it, rounded up
    };
    // The app's valid token, or else a new one made by `make`.
    Issued issue(const std::string& app, base::WallTime now, std::chrono::seconds lifetime,
                 const std::function<std::string()>& make);

    struct Bearer {
        std::string app;  // whose token it is or was; empty for a value never given out
        int errcode = 0;  // 0: valid; else what WeCom answers
    };
    Bearer check(std::string_view value, base::WallTime now) const;

    // From now on the app's token answers `errcode` (40014, 42001, ...), and a new one is given
    // out. Without effect if the app has none.
    void revoke(const std::string& app, int errcode);

    // The app's current token; empty if it has none.
    std::string current(const std::string& app) const;

private:
    struct Token {
        std::string app;
        base::WallTime expires_at;
        int revoked_with = 0;
    };
    std::map<std::string, Token, std::less<>> given_out_;  // by value
    std::map<std::string, std::string> current_;           // app -> value
};

}  // namespace hermes::host::simulator
