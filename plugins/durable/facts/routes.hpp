// On which app a chat was last heard. Written with the event, in its commit.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace hermes::durable {

class Reader;

class Routes {
public:
    explicit Routes(Reader& reader) : reader_(reader) {}

    // The account, empty if the chat was never heard; an error while the store can't be read.
    // `folded_chat`: user part in lower case.  [any]
    base::Result<std::optional<std::string>> last_heard(const std::string& folded_chat) const;

private:
    Reader& reader_;
};

}  // namespace hermes::durable
