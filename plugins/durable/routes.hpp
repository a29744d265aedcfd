// On which app a chat was last heard. Written with the event, in its commit.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace hermes::durable {

struct StoreContext;

class Routes {
public:
    explicit Routes(std::shared_ptr<StoreContext> context) : context_(std::move(context)) {}

    // The account, empty if the chat was never heard; an error while the store can't be read.
    // `folded_chat`: user part in lower case.  [any]
    base::Result<std::optional<std::string>> last_heard(const std::string& folded_chat) const;

private:
    std::shared_ptr<StoreContext> context_;
};

}  // namespace hermes::durable
