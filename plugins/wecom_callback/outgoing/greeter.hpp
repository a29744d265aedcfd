// What a member reads without the agent: a welcome to who opens an app, and a word to who writes to
// it and is not admitted. Each at most once in a while for each member of an app, across restarts
// and gateways, however often they come.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

class OutgoingMessages;

inline constexpr std::chrono::hours stranger_reply_every{24};

class Greeter {
public:
    // `outgoing` outlives this object.
    Greeter(OutgoingMessages& outgoing, base::Clock clock);

    // An admitted member has opened the app.  [any]
    void entered(const AppPtr& app, const UserId& member);
    // Somebody who is not admitted has written to it.  [any]
    void turned_away(const AppPtr& app, const UserId& member);

private:
    void say_once(const char* occasion, std::chrono::seconds every, const AppPtr& app,
                  const UserId& member, std::string text);

    OutgoingMessages& outgoing_;
    const base::Clock clock_;
};

}  // namespace hermes::wecom
