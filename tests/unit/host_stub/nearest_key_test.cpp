#include "config/nearest_key.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace hermes::host;

TEST_SUITE("host_stub/config/nearest_key") {
    const std::vector<std::string> keys{"corp_id",          "corp_secret", "agent_id", "token",
                                        "encoding_aes_key", "host",        "port"};

    TEST_CASE("a key with a few typing mistakes is found") {
        constexpr std::array<std::pair<const char*, const char*>, 8> mistakes{{
            {"agentid", "agent_id"},
            {"agent-id", "agent_id"},
            {"AGENT_ID", "agent_id"},
            {"corpsecret", "corp_secret"},
            {"encodingAESKey", "encoding_aes_key"},
            {"tokne", "token"},
            {"prot", "port"},
            {"hosst", "host"},
        }};
        for (const auto& [written, meant] : mistakes) {
            CAPTURE(written);
            CHECK(nearest_key(written, keys) == meant);
        }
    }

    TEST_CASE("a part of one key alone is found") {
        CHECK(nearest_key("secret", keys) == "corp_secret");
        CHECK(nearest_key("aes_key", keys) == "encoding_aes_key");
    }

    TEST_CASE("what resembles nothing is not guessed at") {
        for (const auto* written : {"colour", "x", "", "webhook_url"}) {
            CAPTURE(written);
            CHECK_FALSE(nearest_key(written, keys).has_value());
        }
    }

    TEST_CASE("a part of several keys is not guessed at") {
        CHECK_FALSE(nearest_key("name", {"user_name", "corp_name_long"}).has_value());
    }

    TEST_CASE("the suggestion is a clause that ends the line") {
        CHECK(did_you_mean("agentid", keys) == ", did you mean agent_id?");
        CHECK(did_you_mean("colour", keys) == "");
    }
}
