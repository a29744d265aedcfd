// Whom a message goes to: one member or, for a broadcast alone, many. WeCom doc 90236 (touser,
// toparty, totag).
//
// What takes a UserId can't reach more than one member, whatever text it was made of.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.hpp"
#include "protocol/identity.hpp"

namespace hermes::wecom {

// Those whom the app is visible to, of a department (`party/7`), of a tag (`tag/3`) or all of them
// (`@all`; `all` is read as well). Never a UserId, which has neither a slash nor a leading `@`; the
// one text that is both is `all`.
class Audience {
public:
    enum class Kind { everybody, party, tag };

    static base::Result<Audience> parse(std::string_view text);
    Kind kind() const noexcept { return kind_; }
    std::int64_t number() const noexcept { return number_; }  // of a party or tag, 1 or more
    std::string str() const;
    friend auto operator<=>(const Audience&, const Audience&) = default;

private:
    Audience(Kind kind, std::int64_t number) noexcept : kind_(kind), number_(number) {}
    Kind kind_;
    std::int64_t number_;
};

using Recipient = std::variant<UserId, Audience>;

std::string to_string(const Recipient& recipient);

// The member of a request that names it, and its value: touser, toparty or totag (doc 90236).
std::pair<std::string_view, std::string> addressed(const Recipient& to);

// The `chat` of a message in the outbox: `corp_id:` and a recipient.
struct Destination {
    CorpId corp;
    Recipient to;
    std::string str() const { return corp.str() + ':' + to_string(to); }
    static base::Result<Destination> parse(std::string_view text);
};

}  // namespace hermes::wecom
