#include "policy/routing.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "unit/policy/signed_callback.hpp"

using hermes::test::callback_app;
using hermes::wecom::App;
using hermes::wecom::Apps;
using hermes::wecom::Audience;
using hermes::wecom::find_route;
using hermes::wecom::Route;
using hermes::wecom::RouteQuery;
using hermes::wecom::Unroutable;
using hermes::wecom::UserId;
using Reason = hermes::wecom::Unroutable::Reason;

namespace {

App routable(const char* name, const char* corp_id, const char* agent_id) {
    return callback_app(name, corp_id, agent_id, "token");
}

const Apps three_apps({routable("hr", "ww1", "1000002"), routable("it", "ww1", "1000003"),
                       routable("sales", "ww2", "1000002")});

Apps with_broadcasters(const std::set<std::string>& names) {
    std::vector<App> apps;
    for (const auto& known : three_apps) {
        apps.push_back(*known);
        apps.back().broadcast = names.contains(known->name);
    }
    return Apps(std::move(apps));
}

struct Rig {
    Apps apps = three_apps;
    std::map<std::string, std::string> heard{};

    std::variant<Route, Unroutable> find(const RouteQuery& query) const {
        return find_route(
            query, apps, [this](const std::string& chat) -> std::optional<std::string> {
                const auto found = heard.find(chat);
                return found == heard.end() ? std::nullopt : std::optional(found->second);
            });
    }
    Route route(const RouteQuery& query) const {
        const auto found = find(query);
        REQUIRE(std::holds_alternative<Route>(found));
        return std::get<Route>(found);
    }
    Unroutable refusal(const RouteQuery& query) const {
        const auto found = find(query);
        REQUIRE(std::holds_alternative<Unroutable>(found));
        return std::get<Unroutable>(found);
    }
};

}  // namespace

TEST_SUITE("policy/routing") {
    TEST_CASE("a reply leaves through the app that the event came in on") {
        const Rig rig{.heard = {{"ww1:alice", "ww1:1000003"}}};
        const auto route =
            rig.route({.chat = "ww1:alice", .account = "it", .answered_account = "ww1:1000002"});
        CHECK(route.app->name == "hr");
        CHECK(to_string(route.to) == "alice");
    }

    TEST_CASE("without an event the account decides") {
        const Rig rig{.heard = {{"ww1:alice", "ww1:1000003"}}};
        CHECK(rig.route({.chat = "ww1:alice", .account = "hr"}).app->name == "hr");
    }

    TEST_CASE("without an account the app decides on which the chat was last heard") {
        const Rig rig{.heard = {{"ww1:alice", "ww1:1000003"}}};
        CHECK(rig.route({.chat = "ww1:alice"}).app->name == "it");
        CHECK(rig.route({.chat = "ww1:Alice"}).app->name == "it");
    }

    TEST_CASE("the only app of a corp needs no history") {
        CHECK(Rig{}.route({.chat = "ww2:alice"}).app->name == "sales");
    }

    TEST_CASE("two corps with a member of the same id are two chats") {
        const Rig rig{.apps = Apps({routable("a", "ww1", "1"), routable("b", "ww2", "1")})};
        CHECK(rig.route({.chat = "ww1:alice"}).app->name == "a");
        CHECK(rig.route({.chat = "ww2:alice"}).app->name == "b");
    }

    TEST_CASE("a bare user id goes to the only corp in which it was heard") {
        const Rig rig{.heard = {{"ww1:alice", "ww1:1000003"}}};
        CHECK(rig.route({.chat = "alice"}).app->name == "it");
    }

    TEST_CASE("a bare user id goes to the only corp there is") {
        const Rig rig{.apps = Apps({routable("hr", "ww1", "1000002")})};
        CHECK(rig.route({.chat = "alice"}).app->name == "hr");
    }

    TEST_CASE("a bare user id with an account goes to the corp of that account") {
        CHECK(Rig{}.route({.chat = "alice", .account = "sales"}).app->name == "sales");
        CHECK(Rig{}.route({.chat = "alice", .answered_account = "ww1:1000003"}).app->name == "it");
    }

    TEST_CASE("an app that was last heard but is gone leaves the only app that is left") {
        const Rig rig{
            .apps = Apps({routable("hr", "ww1", "1000002"), routable("sales", "ww2", "1000002")}),
            .heard = {{"ww1:alice", "ww1:1000003"}}};
        CHECK(rig.route({.chat = "ww1:alice"}).app->name == "hr");
    }

    TEST_CASE("a member of an unknown corp reaches nobody, never the first app") {
        const auto refusal = Rig{}.refusal({.chat = "ww3:alice"});
        CHECK(refusal.reason == Reason::no_such_corp);
        CHECK(refusal.sentence ==
              "no app of corp ww3 is configured; the configured corps are ww1, ww2");
    }

    TEST_CASE("after a restart without routes a message never leaves through another corp") {
        CHECK(Rig{}.route({.chat = "ww2:alice"}).app->name == "sales");
        const auto refusal = Rig{}.refusal({.chat = "alice"});
        CHECK(refusal.reason == Reason::ambiguous);
        CHECK(refusal.sentence ==
              "the member 'alice' may be of several corps; say which: ww1:alice, ww2:alice");
    }

    TEST_CASE("between two apps of one corp nothing is guessed") {
        const auto refusal = Rig{}.refusal({.chat = "ww1:alice"});
        CHECK(refusal.reason == Reason::ambiguous);
        CHECK(
            refusal.sentence ==
            "corp ww1 has several apps and the member 'alice' has not written to any of them yet; "
            "name one as the account: 'hr', 'it'");
    }

    TEST_CASE("a pending reply is not diverted by what the member writes to another app") {
        Rig rig{.heard = {{"ww1:alice", "ww1:1000002"}}};
        rig.heard["ww1:alice"] = "it";
        CHECK(rig.route({.chat = "ww1:alice", .answered_account = "ww1:1000002"}).app->name ==
              "hr");
    }

    TEST_CASE("a bare user id that was heard in two corps is ambiguous") {
        const Rig rig{.heard = {{"ww1:alice", "ww1:1000003"}, {"ww2:alice", "ww2:1000002"}}};
        CHECK(rig.refusal({.chat = "alice"}).reason == Reason::ambiguous);
    }

    TEST_CASE("a route of another corp is not followed") {
        const Rig rig{.heard = {{"ww1:alice", "ww2:1000002"}}};
        CHECK(rig.refusal({.chat = "ww1:alice"}).reason == Reason::ambiguous);
    }

    TEST_CASE("an account that is not configured is an error that names those that are") {
        const auto refusal = Rig{}.refusal({.chat = "ww1:alice", .account = "sale"});
        CHECK(refusal.reason == Reason::no_such_account);
        CHECK(refusal.sentence ==
              "no app is named 'sale'; the configured apps are 'hr' (ww1), 'it' (ww1), 'sales' "
              "(ww2)");
    }

    TEST_CASE("an event of an app that is gone is not answered through another one") {
        CHECK(Rig{}.refusal({.chat = "ww2:alice", .answered_account = "gone"}).reason ==
              Reason::no_such_account);
    }

    TEST_CASE("an account of another corp than the chat's is refused") {
        const auto refusal = Rig{}.refusal({.chat = "ww1:alice", .account = "sales"});
        CHECK(refusal.reason == Reason::account_of_other_corp);
        CHECK(refusal.sentence ==
              "the app 'sales' belongs to corp ww2 and cannot reach a member of corp ww1; apps of "
              "that corp: 'hr', 'it'");
    }

    TEST_CASE("a chat that is more than one member never becomes a recipient") {
        for (const char* chat : {"@all", "ww1:@all", "a|b", "ww1:a|b", "ww1:a,b", "ww1:", ":alice",
                                 "", "ww1:a:b", "ww1:a b", "ww1:a\nb", "a\x01"}) {
            CAPTURE(chat);
            CHECK(Rig{}.refusal({.chat = chat}).reason == Reason::bad_chat);
            CHECK(Rig{}.refusal({.chat = chat, .account = "sales"}).reason == Reason::bad_chat);
        }
    }

    TEST_CASE("a notice goes to many at once through an app that may broadcast, and to one corp") {
        const Rig rig{.apps = with_broadcasters({"hr", "sales"})};
        for (const auto& [chat, to] : {std::pair{"ww2:party/7", "party/7"},
                                       {"ww2:tag/3", "tag/3"},
                                       {"ww2:all", "@all"},
                                       {"ww2:@all", "@all"}}) {
            CAPTURE(chat);
            const auto route = rig.route({.chat = chat, .is_notice = true});
            CHECK(route.app->name == "sales");
            CHECK(to_string(route.to) == to);
        }
        CHECK(rig.route({.chat = "ww1:party/7", .account = "hr", .is_notice = true}).app->name ==
              "hr");
        CHECK(rig.refusal({.chat = "ww1:party/7", .account = "sales", .is_notice = true}).reason ==
              Reason::account_of_other_corp);
        CHECK(rig.refusal({.chat = "ww9:all", .is_notice = true}).reason == Reason::no_such_corp);
    }

    TEST_CASE("an app that may not broadcast reaches no more than one member") {
        const Rig rig{.apps = with_broadcasters({"hr"})};
        for (const auto* chat : {"ww1:party/7", "ww1:tag/3", "ww1:all", "ww1:@all"}) {
            CAPTURE(chat);
            CHECK(rig.refusal({.chat = chat, .account = "it", .is_notice = true}).reason ==
                  Reason::no_broadcast);
        }
        CHECK(rig.refusal({.chat = "ww2:party/7", .is_notice = true}).sentence ==
              "'ww2:party/7' is more than one member, and the app 'sales' may not write to many at "
              "once: set `broadcast: true` for it if that is meant");
    }

    TEST_CASE("between two apps of one corp a broadcast is not guessed either") {
        const Rig rig{.apps = with_broadcasters({"hr"}), .heard = {{"ww1:alice", "ww1:1000002"}}};
        CHECK(rig.refusal({.chat = "ww1:all", .is_notice = true}).sentence ==
              "corp ww1 has several apps; name one as the account: 'hr', 'it'");
    }

    TEST_CASE("what answers somebody, or names no corp, never goes to more than one member") {
        const Rig rig{.apps = with_broadcasters({"hr", "it", "sales"})};
        for (const auto* chat : {"ww2:party/7", "ww2:tag/3", "ww2:@all", "party/7", "@all"}) {
            CAPTURE(chat);
            CHECK(rig.refusal({.chat = chat}).reason == Reason::bad_chat);
            CHECK(rig.refusal({.chat = chat, .answered_account = "ww2:1000002"}).reason ==
                  Reason::bad_chat);
        }
        for (const auto* chat : {"party/7", "tag/3", "@all"}) {
            CAPTURE(chat);
            CHECK(rig.refusal({.chat = chat, .account = "sales", .is_notice = true}).reason ==
                  Reason::bad_chat);
        }
    }

    TEST_CASE("a member whose id is `all` is answered, and written to once heard, as a member") {
        Rig rig{.apps = with_broadcasters({"sales"})};
        const auto answer = rig.route({.chat = "ww2:all", .answered_account = "ww2:1000002"});
        CHECK(std::get<UserId>(answer.to).str() == "all");
        const auto bare = rig.route({.chat = "all", .account = "sales", .is_notice = true});
        CHECK(std::get<UserId>(bare.to).str() == "all");
        rig.heard = {{"ww2:all", "ww2:1000002"}};
        const auto notice = rig.route({.chat = "ww2:all", .is_notice = true});
        CHECK(std::get<UserId>(notice.to).str() == "all");
        const auto everybody = rig.route({.chat = "ww2:@all", .is_notice = true});
        CHECK(std::holds_alternative<Audience>(everybody.to));
    }

    TEST_CASE("a hostile chat is shown short and without control characters") {
        const auto sentence = Rig{}.refusal({.chat = "@all\n" + std::string(5000, 'x')}).sentence;
        CHECK(sentence.size() < 300);
        CHECK(sentence.find('\n') == std::string::npos);
        CHECK(sentence.starts_with("the chat '@all?xxx"));
    }

    TEST_CASE("without apps there is no route") {
        const Rig rig{.apps = Apps({})};
        CHECK(rig.refusal({.chat = "alice"}).sentence == "no app is configured");
        CHECK(rig.refusal({.chat = "ww1:alice"}).sentence == "no app is configured");
    }
}
