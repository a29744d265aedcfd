// Settings for tests, with what the test is about put in.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace hermes::test {

inline constexpr const char* test_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

// A complete app.
inline boost::json::object app_json(const std::string& name, const std::string& corp,
                                    std::int64_t agent) {
    return {{"name", name},
            {"corp_id", corp},
            {"corp_secret", "secret-of-" + name},
            {"agent_id", agent},
            {"token", "callbackTokenOf" + name},
            {"encoding_aes_key", test_key},
            {"allow_all_users", true}};
}

// Two corps and three apps, two of them in one corp.
inline boost::json::object three_apps_json() {
    return {
        {"apps", boost::json::array{app_json("hr", "ww1", 1000002), app_json("it", "ww1", 1000003),
                                    app_json("sales", "ww2", 1000002)}}};
}

}  // namespace hermes::test
