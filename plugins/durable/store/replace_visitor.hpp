#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace hermes::durable {

class Database;

// How long a gateway that starts waits for a command-line tool in its place to leave.
inline constexpr std::chrono::seconds visitor_patience{15};

// Becomes the gateway. A visitor that has the place is asked to leave and waited for; a gateway is
// not: its name is returned. Throws StoreOpenError.
std::optional<std::string> replace_visitor(Database& database);

}  // namespace hermes::durable
