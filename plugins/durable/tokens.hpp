// Access tokens, kept so that a restart does not fetch new ones: a platform may limit that, and end
// the old token when a new one is fetched (WeCom does both).
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace hermes::durable {

class GroupCommit;
class Reader;

struct StoredToken {
    base::Secret access_token;
    base::WallTime expires_at;
};

class Tokens {
public:
    Tokens(GroupCommit& writer, Reader& reader, const base::Log& log)
        : writer_(writer), reader_(reader), log_(log) {}

    // `app` is `corp:agent`. Empty if there is none; an error while the store can't be read.  [any]
    base::Result<std::optional<StoredToken>> load(const std::string& account) const;
    void save(const std::string& account, const StoredToken& token);  // persistent, not waited for
    void erase(const std::string& account);

private:
    template <typename Apply>
    void submit(Apply apply);

    GroupCommit& writer_;
    Reader& reader_;
    const base::Log& log_;
};

}  // namespace hermes::durable
