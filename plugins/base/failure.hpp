// What to do about an error, whatever said it. Each category of ours maps its codes to one of
// these, so that callers ask `if (error == Failure::refresh_token)` and never list numbers.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

namespace hermes::base {

enum class Failure {
    refresh_token = 1,  // that access token is dead: drop it, get another, try once more at once
    retry_later,        // trouble that passes: try again with growing waits
    unexplained,        // nothing of ours knows it: as above, but not for ever
    slow_down,          // too many calls in a time: try again after a long wait
    fewer_at_once,      // too many calls at the same time: try again soon, beside fewer others
    fix_setup,          // a person must change something about the app: until then no call helps
    fix_secret,         // likewise, the app's secret: WeCom blocks who goes on with a wrong one
    fix_member,         // a person must let the app reach this member; others are not concerned
    give_up,            // this message or request can never work
};

const boost::system::error_category& failure_category() noexcept;

inline boost::system::error_condition make_error_condition(Failure failure) noexcept {
    return {static_cast<int>(failure), failure_category()};
}

}  // namespace hermes::base

template <>
struct boost::system::is_error_condition_enum<hermes::base::Failure> : std::true_type {};
