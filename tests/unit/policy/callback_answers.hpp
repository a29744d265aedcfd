// What the tests of the callback path ask of a decision.
#pragma once

#include <doctest/doctest.h>

#include <variant>
#include <vector>

#include "unit/policy/signed_callback.hpp"

namespace hermes::test {

inline const std::vector<wecom::App> apps = three_apps();

inline wecom::Respond response(const wecom::CallbackDecision& decision) {
    REQUIRE(std::holds_alternative<wecom::Respond>(decision));
    return std::get<wecom::Respond>(decision);
}

inline void check_refused(const wecom::CallbackDecision& decision, unsigned status,
                          wecom::CallbackError error) {
    const auto refusal = response(decision);
    CHECK(refusal.status == status);
    CHECK(refusal.verdict == wecom::Verdict::refused);
    CHECK(refusal.error == make_error_code(error));
    CHECK(refusal.body ==
          (status == 403 ? "signature verification failed\n" : "invalid callback payload\n"));
}

}  // namespace hermes::test
