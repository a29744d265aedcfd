// How members are called (WeCom doc 90196, user/get), for agents that greet people: remembered for
// a day by all gateways of the database.
//
// Never waited for. Whoever asks for a name that is not at hand gets none, and a lookup begins
// whose result the next one gets. Where WeCom withholds the name, or the member from the app, there
// is none for a day.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "api/access_tokens.hpp"
#include "api/wecom_api.hpp"
#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "durable/facts/facts.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

// Lives on the loop.
class MemberNames {
public:
    // All references outlive the loop's last task and the API's last handler.
    MemberNames(base::EventLoop& loop, WecomApi& api, AccessTokens& tokens, durable::Facts& facts,
                base::Clock wall_clock)
        : loop_(loop),
          api_(api),
          tokens_(tokens),
          facts_(facts),
          wall_clock_(std::move(wall_clock)) {}

    // Empty: not known, or not to be had.
    std::string name_of(const AppPtr& app, const UserId& member);

private:
    struct Known {
        std::string name{};
        base::SteadyTime look_again_at{};
    };
    struct Lookup {
        AppPtr app;
        UserId member;
        durable::FactKey fact{"member name", app->account(), member.folded()};
        std::string key() const { return fact.account + ' ' + fact.key; }
    };

    void look_up(Lookup lookup);
    void ask(Lookup lookup);
    void answered(const Lookup& lookup, const ApiResult& result, const base::Secret& used);
    void end(const Lookup& lookup, std::string name, std::chrono::seconds look_again_in);
    void fail() { under_way_ -= 1; }  // what was known stays, until it is looked up again

    base::EventLoop& loop_;
    WecomApi& api_;
    AccessTokens& tokens_;
    durable::Facts& facts_;
    const base::Clock wall_clock_;
    std::unordered_map<std::string, Known> known_;  // by Lookup::key
    std::size_t under_way_ = 0;
};

}  // namespace hermes::wecom
