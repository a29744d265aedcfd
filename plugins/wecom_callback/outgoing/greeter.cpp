#include "outgoing/greeter.hpp"

#include <string_view>
#include <utility>

#include "outgoing/outgoing_messages.hpp"

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

Greeter::Greeter(OutgoingMessages& outgoing, base::Clock clock)
    : outgoing_(outgoing), clock_(std::move(clock)) {}

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
    outgoing_.say(*app, ChatAddress{app->corp, member}, std::move(text),
                  {.fact = {occasion, app->account(), member.folded()}, .until = clock_() + every});
}

}  // namespace hermes::wecom
