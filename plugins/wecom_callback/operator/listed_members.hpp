// Whether the members that an app's `allowed_users` names exist: what doctor finds of them. An id
// that is misspelt admits nobody, and nothing else tells.
#pragma once

#include <functional>
#include <optional>

#include "api/wecom_api.hpp"
#include "hermes/ext/doctor.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

// More than that would be a burden on WeCom each time that a set-up is watched.
inline constexpr std::size_t looked_up_max = 20;

// `look_up` is WecomApi::get_user, waited for. Nothing if nobody is named.
std::optional<Finding> examine_listed_members(
    const App& app, const std::function<ApiResult(const UserId&)>& look_up);

}  // namespace hermes::wecom
