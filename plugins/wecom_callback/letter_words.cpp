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
    std::vector<std::pair<std::string, std::string>> apps;  // account and name
    for (const auto& app : settings.apps) {
        apps.emplace_back(app.callback.account(), app.callback.name);
    }
    return {.name_of =
                [apps](const std::string& account) {
                    for (const auto& [known, name] : apps) {
                        if (known == account) {
                            return name;
                        }
                    }
                    return account;
                },
            .account_of =
                [apps](const std::string& name) {
                    for (const auto& [account, known] : apps) {
                        if (known == name) {
                            return account;
                        }
                    }
                    return name;
                },
            .read_event = readable_event,
            .read_request = shown_text};
}

}  // namespace hermes::wecom
