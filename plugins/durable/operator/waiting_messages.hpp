// What waits, message by message, as the tables have it.
#pragma once

#include <cstddef>
#include <vector>

#include "durable/operator/operator_view.hpp"
#include "hermes/ext/waiting.hpp"

namespace hermes::durable {

class Database;

// As ListWaiting. Throws what SOCI throws.
std::vector<WaitingMessage> read_waiting(Database& database, std::size_t limit,
                                         const LetterWords& words);

}  // namespace hermes::durable
