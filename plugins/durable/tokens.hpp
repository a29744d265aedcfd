// Access tokens, kept so that a restart does not fetch new ones: gettoken is limited per app, and
// WeCom may end the old token when a new one is fetched.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace hermes::durable {

struct StoreContext;

struct StoredToken {
    base::Secret access_token;
    base::WallTime expires_at;
};

class Tokens {
public:
    explicit Tokens(std::shared_ptr<StoreContext> context) : context_(std::move(context)) {}

    // `app` is `corp:agent`. Reads; throws nothing, answers nothing when the store can't.  [any]
    std::optional<StoredToken> load(const std::string& app) const;
    void save(const std::string& app, const StoredToken& token);  // persistent, not waited for
    void erase(const std::string& app);

private:
    template <typename Apply>
    void submit(Apply apply);

    std::shared_ptr<StoreContext> context_;
};

}  // namespace hermes::durable
