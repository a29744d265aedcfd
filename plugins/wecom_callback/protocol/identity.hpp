// The ids of WeCom as types, so that two strings can't be swapped.
//
// A value of one of these types has been checked; `parse` is the only way to make one from text.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "protocol/callback_error.hpp"

namespace hermes::wecom {

// A company: `ww` and 16 hex digits for new ones, `wx...` for old ones. Checked for: 1-64 bytes of
// printable ASCII without space, `:`, `|` and `,`.
class CorpId {
public:
    static base::Result<CorpId> parse(std::string_view text);
    const std::string& str() const noexcept { return text_; }
    friend auto operator<=>(const CorpId&, const CorpId&) = default;

private:
    explicit CorpId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A member inside a corp. WeCom doc 90195: 1-64 bytes of letters, digits and `_-@.`, the first a
// letter or digit; unique without regard to case (doc 90331). We admit a little more, since older
// accounts exist, but nothing that `message/send` would read as more than one member: no `|`, `,`,
// `:`, space or control character, no leading `@` (so never `@all`), only valid UTF-8. Nor `/`, so
// that none looks like an Audience (recipient.hpp).
class UserId {
public:
    static base::Result<UserId> parse(std::string_view text);
    const std::string& str() const noexcept { return text_; }
    std::string folded() const;  // ASCII letters in lower case: what WeCom compares by
    friend auto operator<=>(const UserId&, const UserId&) = default;

private:
    explicit UserId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A self-built app inside a corp: a positive number that fits 32 bits.
class AgentId {
public:
    static base::Result<AgentId> parse(std::string_view text);
    std::int64_t number() const noexcept { return number_; }
    friend auto operator<=>(const AgentId&, const AgentId&) = default;

private:
    explicit AgentId(std::int64_t number) noexcept : number_(number) {}
    std::int64_t number_;
};

// An app: what it is, whatever it is called. `corp_id:agent_id` in every table.
struct AppId {
    CorpId corp;
    AgentId agent;
    std::string str() const { return corp.str() + ':' + std::to_string(agent.number()); }
    friend auto operator<=>(const AppId&, const AppId&) = default;
};

// A conversation partner of any app: `corp_id:user_id`.
struct ChatAddress {
    CorpId corp;
    UserId user;
    std::string str() const { return corp.str() + ':' + user.str(); }
    static base::Result<ChatAddress> parse(std::string_view text);
    friend auto operator<=>(const ChatAddress&, const ChatAddress&) = default;
};

}  // namespace hermes::wecom
