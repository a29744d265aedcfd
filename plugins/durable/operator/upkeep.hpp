// What an operator does with a store beside reading and retrying it (hermes.upkeep/1,
// hermes.waiting/1).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "durable/operator/operator_view.hpp"
#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"

namespace hermes::durable {

class Database;

// A member as the platform knows them.
struct MemberKeys {
    std::string chat;    // folded, as routes have it
    std::string member;  // folded, as facts have it
    std::string media_folder;
};

class Upkeep {
public:
    // The gateway's connection and folder, in the words of StoreOptions. Throws NoStateYet, or
    // StoreOpenError. No other function does, but std::runtime_error itself.
    Upkeep(const std::string& connection, const std::string& data_directory,
           const std::string& platform);
    ~Upkeep();

    // `name_of` tells how an account is called.
    std::vector<MessageStory> stories(
        const StoryFilter& filter,
        const std::function<std::string(const std::string& account)>& name_of);
    // As ListWaiting.
    std::vector<WaitingMessage> waiting(std::size_t limit, const LetterWords& words);
    std::string back_up(const std::string& file);
    Forgotten forget(const MemberKeys& keys);

private:
    std::unique_ptr<Database> database_;
};

}  // namespace hermes::durable
