#include "greeter.hpp"

#include <string_view>
#include <utility>

namespace hermes::wecom {

namespace {

constexpr const char* welcomed = "welcomed";
constexpr const char* turned_away_once = "turned away";
constexpr std::string_view entry_to_add = "{id}";

std::string with_entry(std::string text, const std::string& entry) {
    for (auto at = text.find(entry_to_add); at != std::string::npos;
         at = text.find(entry_to_add, at + entry.size())) {
        text.replace(at, entry_to_add.size(), entry);
    }
    return text;
}

}  // namespace

Greeter::Greeter(durable::Facts& facts, base::Clock clock, Say say)
    : facts_(facts), clock_(std::move(clock)), say_(std::move(say)) {}

void Greeter::entered(const AppPtr& app, const UserId& member) {
    say_once(welcomed, app->welcome_every, app, member, app->welcome);
}

void Greeter::turned_away(const AppPtr& app, const UserId& member) {
    say_once(turned_away_once, stranger_reply_every, app, member,
             with_entry(app->stranger_reply, ChatAddress{app->corp, member}.str()));
}

void Greeter::say_once(const char* occasion, std::chrono::seconds every, const AppPtr& app,
                       const UserId& member, std::string text) {
    if (text.empty()) {
        return;
    }
    const durable::FactKey said{occasion, app->account(), member.folded()};
    // What can't be remembered is not said: it might be said a thousand times.
    facts_.save_if_absent(said, {}, clock_() + every,
                          [this, said, app, to = ChatAddress{app->corp, member},
                           text = std::move(text)](base::Result<bool> is_first) mutable {
                              if (is_first && *is_first && !say_(app, to, std::move(text))) {
                                  facts_.erase(said);
                              }
                          });
}

}  // namespace hermes::wecom
