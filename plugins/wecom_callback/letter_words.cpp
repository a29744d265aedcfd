#include "letter_words.hpp"

#include <utility>

#include "protocol/api_json.hpp"
#include "protocol/inbound.hpp"

namespace hermes::wecom {

namespace {

// What the member wrote, for an event that can still be read.
std::string readable_event(const std::string& xml) {
    if (auto message = parse_inbound(xml); message && !message->text.empty()) {
        return std::move(message->text);
    }
    return xml;
}

}  // namespace

durable::LetterWords letter_words(const Settings& settings) {
    return {.name_of = [apps = settings.apps](
                           const std::string& account) { return apps->name_of(account); },
            .account_of =
                [apps = settings.apps](const std::string& name) {
                    const auto app = apps->find(name);
                    return app ? app->account() : name;
                },
            .read_event = readable_event,
            .read_part = shown_text};
}

}  // namespace hermes::wecom
