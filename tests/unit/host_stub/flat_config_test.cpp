#include "loader/flat_config.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/yaml_file.hpp"

using namespace hermes::host;

namespace {

using Lines = std::vector<std::string>;

FlatValue plain(const std::string& text) {
    return {text, text};
}

FlatValue secret(const std::string& digest) {
    return {"****", digest};
}

const std::string extra = "platforms.p.extra.";

}  // namespace

TEST_SUITE("host_stub/config/flat_config") {
    TEST_CASE("two that are equal have no difference") {
        const FlatConfig config{{extra + "port", plain("1")}, {extra + "token", secret("a")}};
        CHECK(differences(config, config, {}) == Lines{});
    }

    TEST_CASE("a value is shown as it was and as it will be, a secret is not shown") {
        const FlatConfig now{{extra + "port", plain("1")},
                             {extra + "apps[hr].token", secret("a")},
                             {"agent.kind", plain("echo")}};
        const FlatConfig next{{extra + "port", plain("2")},
                              {extra + "apps[hr].token", secret("b")},
                              {"agent.kind", plain("openai")},
                              {"agent.model", plain("m")}};
        CHECK(differences(now, next, {}) ==
              Lines{"agent.kind: echo -> openai", "agent.model: not set -> m",
                    extra + "apps[hr].token: another value", extra + "port: 1 -> 2"});
    }

    TEST_CASE("the items of a list are counted from 0, as in what is said of mistakes") {
        HostConfig config;
        config.sections = parse_yaml("agents: [{timeout: 10m}, {timeout: 5m}]", "config.yaml");
        const auto flat = flatten(config, {}, "salt");
        CHECK(flat.at("agents[0].timeout").shown == "10m");
        CHECK(flat.at("agents[1].timeout").shown == "5m");
    }

    TEST_CASE("what is kept until a restart says so, with all that is under it") {
        const FlatConfig now{{"log.level", plain("info")}, {extra + "port", plain("1")}};
        const FlatConfig next{{"log.level", plain("debug")}, {extra + "port", plain("2")}};
        CHECK(differences(now, next, {"log", extra + "port"}) ==
              Lines{"log.level: info -> debug (needs a restart)",
                    extra + "port: 1 -> 2 (needs a restart)"});
        CHECK(differences(now, next, {"lo", extra + "por"}).front() == "log.level: info -> debug");
    }

    TEST_CASE("an account that is new or gone is one line") {
        const FlatConfig now{{extra + "apps[hr].token", secret("a")},
                             {extra + "apps[hr].agent_id", plain("1")},
                             {extra + "port", plain("1")}};
        const FlatConfig next{{extra + "apps[it].token", secret("a")},
                              {extra + "apps[it].agent_id", plain("1")},
                              {extra + "port", plain("1")}};
        CHECK(differences(now, next, {}) ==
              Lines{extra + "apps[hr]: gone", extra + "apps[it]: new"});
    }

    TEST_CASE("a platform that is new or gone is one line, and needs a restart") {
        const FlatConfig none{{"agent.kind", plain("echo")}};
        const FlatConfig one{{"agent.kind", plain("echo")},
                             {extra + "port", plain("1")},
                             {extra + "apps[hr].token", secret("a")}};
        CHECK(differences(none, one, {}) == Lines{"platforms.p: new (needs a restart)"});
        CHECK(differences(one, none, {}) == Lines{"platforms.p: gone (needs a restart)"});
    }

    TEST_CASE("one line that needs a restart is enough") {
        CHECK_FALSE(is_a_restart_needed({}));
        CHECK_FALSE(is_a_restart_needed({"a: 1 -> 2"}));
        CHECK(is_a_restart_needed({"a: 1 -> 2", "b: 1 -> 2 (needs a restart)"}));
    }

    TEST_CASE("a path is within another at a dot or a bracket") {
        CHECK(is_within("agents[1].kind", "agents"));
        CHECK(is_within("agent.kind", "agent.kind"));
        CHECK_FALSE(is_within("agents[1].kind", "agent"));
    }
}
