// What became of events, put together from the rows of both sides.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hermes/ext/upkeep.hpp"

namespace hermes::durable {

class Database;

// As Upkeep::stories. Throws what SOCI throws.
std::vector<MessageStory> read_stories(
    Database& database, const StoryFilter& filter,
    const std::function<std::string(const std::string& account)>& name_of);

}  // namespace hermes::durable
