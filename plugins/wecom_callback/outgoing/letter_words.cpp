#include "outgoing/letter_words.hpp"

#include <utility>

#include "incoming/inbound_words.hpp"
#include "protocol/api_json.hpp"
#include "protocol/inbound.hpp"
#include "protocol/template_card.hpp"

namespace hermes::wecom {

namespace {

// What the agent is told of it, for an event that can still be read.
std::string readable_event(const std::string& xml) {
    const auto message = parse_inbound(xml);
    return message ? readable(*message) : xml;
}

// What the member is shown.
std::string readable_part(const std::string& parcel) {
    auto card = shown_card(parcel);
    return card ? std::move(*card) : shown_text(parcel);
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
            .read_part = readable_part};
}

}  // namespace hermes::wecom
