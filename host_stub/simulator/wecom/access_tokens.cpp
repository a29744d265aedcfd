#include "simulator/wecom/access_tokens.hpp"

#include "simulator/wecom/api_reply.hpp"

namespace hermes::host::simulator {

AccessTokens::Issued AccessTokens::issue(const std::string& app, base::WallTime now,
                                         std::chrono::seconds lifetime,
                                         const std::function<std::string()>& make) {
    auto& value = current_[app];
    if (value.empty() || check(value, now).errcode != errcode::ok) {
        value = make();
        given_out_[value] = {.app = app, .expires_at = now + lifetime};
    }
    const auto left = std::chrono::ceil<std::chrono::seconds>(given_out_[value].expires_at - now);
    return {.value = value, .expires_in_s = left.count()};
}

AccessTokens::Bearer AccessTokens::check(std::string_view value, base::WallTime now) const {
    const auto found = given_out_.find(value);
    if (found == given_out_.end()) {
        return {.app = {}, .errcode = errcode::invalid_access_token};
    }
    const auto& token = found->second;
    if (token.revoked_with != 0) {
        return {.app = token.app, .errcode = token.revoked_with};
    }
    const bool expired = now >= token.expires_at;
    return {.app = token.app, .errcode = expired ? errcode::access_token_expired : errcode::ok};
}

void AccessTokens::revoke(const std::string& app, int code) {
    const auto found = given_out_.find(current(app));
    if (found != given_out_.end()) {
        found->second.revoked_with = code;
    }
}

std::string AccessTokens::current(const std::string& app) const {
    const auto found = current_.find(app);
    return found == current_.end() ? std::string() : found->second;
}

}  // namespace hermes::host::simulator
