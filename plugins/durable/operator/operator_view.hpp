// What the operator sees and may do: counts, and dead letters to look at, retry or drop.
//
// Works on the database itself, with or without a gateway beside it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "durable/database/location.hpp"
#include "hermes/ext/state_inspector.hpp"

namespace hermes::durable {

class Database;

// What the platform knows of its letters and the store does not. What is left out shows what is
// stored.
struct LetterWords {
    // How an account is called, for people; and which account is called so: the name itself if
    // none.
    std::function<std::string(const std::string& account)> name_of{};
    std::function<std::string(const std::string& name)> account_of{};
    // What a person reads in the payload of an event, and of a part.
    std::function<std::string(const std::string& payload)> read_event{};
    std::function<std::string(const std::string& payload)> read_part{};
};

// A part that the platform has taken.
struct SentPart {
    std::string account;
    std::string platform_id;  // of the part, as the platform calls it
};

// `id` is `in-17` for an event, `out-4` for the parts of a message that are left. A letter's
// content is what the event says, or what is left of the message, a line for each part.
class OperatorView final : public StateInspector {
public:
    // As in StoreOptions; but nothing is created or brought up to date: where no gateway of this
    // version has run, that is said. Throws StoreOpenError; no other function does, but
    // std::runtime_error itself.
    OperatorView(const std::string& connection, const std::string& data_directory,
                 LetterWords words = {}, const std::string& platform = default_platform);
    ~OperatorView() override;

    // In flight are events with which the agent has begun in the gateway that runs now; the outbox
    // has no such mark. Dead are events, and messages.
    StateSummary summary() override;
    std::vector<DeadLetter> dead_letters(std::size_t limit) override;
    std::optional<DeadLetter> dead_letter(const std::string& id) override;

    // With no attempts counted and, for a message, as much time as it had. Throws for a message of
    // which no request could be made.
    bool retry(const std::string& id) override;
    std::size_t retry_all(const DeadLetterFilter& filter) override;
    bool drop(const std::string& id) override;

    // Those of the message of which one part has that id at the platform, in order. Empty if it is
    // not known: it is as long as delivered parts are kept (retention.hpp).
    std::vector<SentPart> sent_parts(const std::string& platform_id);

private:
    std::unique_ptr<Database> database_;
    const LetterWords words_;
};

}  // namespace hermes::durable
