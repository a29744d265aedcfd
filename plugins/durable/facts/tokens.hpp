// Access tokens, kept so that a restart does not fetch new ones, and all gateways of the database
// have the same: a platform may limit how often one is fetched, and end the old token when a new
// one is (WeCom does both).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/move_only_function.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace hermes::durable {

class Facts;
class GroupCommit;
class Reader;
class RowClock;

struct StoredToken {
    base::Secret access_token;
    base::WallTime expires_at;
};

// Longer than a platform is waited for.
inline constexpr std::chrono::seconds claim_life{30};

class Tokens {
public:
    using Claimed = base::MoveOnlyFunction<void(base::Result<bool>)>;

    // All outlive this.
    Tokens(GroupCommit& writer, Reader& reader, Facts& facts, const RowClock& clock, bool shared,
           const base::Log& log)
        : writer_(writer),
          reader_(reader),
          facts_(facts),
          clock_(clock),
          shared_(shared),
          log_(log) {}

    // `account` is what a token is kept under. Empty if there is none; an error while the store
    // can't be read.  [any]
    base::Result<std::optional<StoredToken>> load(const std::string& account) const;
    void save(const std::string& account, const StoredToken& token);  // persistent, not waited for
    // That very token: another gateway may have saved a new one.
    void erase(const std::string& account, const base::Secret& access_token);

    // Whether other gateways may fetch tokens of the same accounts.
    bool is_shared() const noexcept { return shared_; }
    // Of all gateways one at a time may fetch that account's token, until it releases the claim or
    // is gone for claim_life. Tells on the loop whether this one may; an error while the store
    // can't say.  [any]
    void claim(const std::string& account, Claimed then);
    void release(const std::string& account);

private:
    template <typename Apply>
    void submit(Apply apply);

    GroupCommit& writer_;
    Reader& reader_;
    Facts& facts_;
    const RowClock& clock_;
    const bool shared_;
    const base::Log& log_;
};

}  // namespace hermes::durable
