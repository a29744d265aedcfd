#include "operator/listed_members.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "protocol/api_error.hpp"

namespace hermes::wecom {

namespace {

// WeCom doc 90313. A member out of the app's visible range (可见范围) may get either.
constexpr int errcode_no_such_member = 60111;
constexpr int errcode_not_visible = 60011;

void add_to(std::string& list, const UserId& user) {
    list += (list.empty() ? "`" : ", `") + user.str() + '`';
}

}  // namespace

std::optional<Finding> examine_listed_members(
    const App& app, const std::function<ApiResult(const UserId&)>& look_up) {
    const auto members = app.access.named();
    if (members.empty()) {
        return std::nullopt;
    }
    const auto count = std::min(members.size(), looked_up_max);
    const auto found = [&](Finding::Verdict verdict, std::string sentence) {
        if (count < members.size()) {
            sentence += " (looked up: the first " + std::to_string(count) + " of " +
                        std::to_string(members.size()) + ')';
        }
        return Finding{verdict, "app " + app.name + ": allowed_users", std::move(sentence)};
    };
    std::string unknown;
    std::string unseen;
    for (std::size_t i = 0; i < count; ++i) {
        const auto answer = look_up(members[i]);
        if (answer.error == api_error(errcode_no_such_member)) {
            add_to(unknown, members[i]);
        } else if (answer.error == api_error(errcode_not_visible)) {
            add_to(unseen, members[i]);
        } else if (answer.error) {
            return found(Finding::Verdict::skipped, answer.sentence);
        }
    }
    if (!unknown.empty()) {
        return found(Finding::Verdict::warning,
                     "WeCom knows no member " + unknown +
                         " whom this app could see: correct the user id (账号), remove who has "
                         "left, or add the member to the app's Allowed users (可见范围)");
    }
    if (!unseen.empty()) {
        return found(Finding::Verdict::skipped,
                     "WeCom does not show this app " + unseen +
                         ", so whether they exist is not known: who shall write to the app must be "
                         "among its Allowed users (可见范围)");
    }
    return found(Finding::Verdict::ok, "WeCom knows every member there");
}

}  // namespace hermes::wecom
