// What waits in a state that version 1 of the schema has left.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace hermes::durable {

class Database;

// What only the platform knows of a state that version 1 of the schema has left: there the account
// was the app's name, and the outbox kept texts. What these can't tell stays as it is and waits.
struct Version1 {
    // The identity of the app of that name that a chat belongs to; empty if none is configured.
    std::function<std::optional<std::string>(const std::string& name, const std::string& chat)>
        account;
    // The request that a text has become.
    std::function<std::string(const std::string& account, const std::string& chat,
                              const std::string& format, const std::string& text)>
        request;
};

// Gives every row of an app that is known by now its identity, and turns its texts into requests:
// at the first start of a gateway after the update, and later for apps that come back. Throws
// StoreOpenError.
void adopt_version_1(Database& database, const Version1& version_1);

}  // namespace hermes::durable
