// What a member reads without the agent: a welcome to who opens an app, and a word to who writes to
// it and is not admitted. Each at most once in a while for each member of an app, across restarts
// and gateways, however often they come.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "durable/facts.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

inline constexpr std::chrono::hours stranger_reply_every{24};

class Greeter {
public:
    // Sends a notice to a member; false: too late, the adapter stops. On the loop of `facts`.
    using Say = std::function<bool(const AppPtr& app, const ChatAddress& member, std::string text)>;

    // `facts` outlives this object, which outlives the last task of its loop.
    Greeter(durable::Facts& facts, base::Clock clock, Say say);

    // An admitted member has opened the app.  [any]
    void entered(const AppPtr& app, const UserId& member);
    // Somebody who is not admitted has written to it.  [any]
    void turned_away(const AppPtr& app, const UserId& member);

private:
    void say_once(const char* occasion, std::chrono::seconds every, const AppPtr& app,
                  const UserId& member, std::string text);

    durable::Facts& facts_;
    const base::Clock clock_;
    const Say say_;
};

}  // namespace hermes::wecom
