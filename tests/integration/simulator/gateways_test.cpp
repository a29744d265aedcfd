// With shell scripts as the gateways.
#include "simulator/gateways/gateways.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "support/eventually.hpp"
#include "support/temp_directory.hpp"

namespace hermes::host::simulator {

namespace {

// One that listens nowhere, except at port 2.
constexpr const char* only_at_2 =
    "[ \"$PORT\" = 2 ] || { echo \"error: cannot listen on 127.0.0.1:$PORT: in use\"; exit 1; }\n"
    "trap 'exit 0' TERM; echo 'gateway ready'; while true; do sleep 0.05; done";

class GatewaysRig {
public:
    // `moves_to`: the place that is found once a start has failed; empty: none.
    explicit GatewaysRig(std::string moves_to) : moves_to_(std::move(moves_to)) {
        options_.command = {"/bin/sh", "-c", only_at_2};
        options_.environment = [] { return Environment{{"PATH", "/usr/bin:/bin"}}; };
        options_.log_file = folder_.path() / "gateway.log";
        options_.places.resize(1);
        options_.places[0].variables["PORT"] = "1";
        options_.find_place = [this](std::size_t, GatewayPlace& place, std::string_view failure) {
            failures.emplace_back(failure);
            if (failure.empty() || moves_to_.empty()) {
                return false;
            }
            place.variables["PORT"] = moves_to_;
            return true;
        };
        options_.on_line = [](std::size_t, std::string_view line) { return std::string(line); };
        options_.ended = [](std::size_t, const std::string&) {};
        options_.changed = [this](std::size_t, const GatewayState& state) {
            phases.push_back(state.phase);
        };
    }

    GatewaysOptions options() const { return options_; }

    std::vector<std::string> failures;  // that find_place was told
    std::vector<GatewayState::Phase> phases;

private:
    hermes::test::TempDirectory folder_;
    const std::string moves_to_;
    GatewaysOptions options_;
};

using Phase = GatewayState::Phase;

}  // namespace

TEST_SUITE("simulator/gateways") {
    TEST_CASE("one that does not start is started at another place, found by what it said") {
        GatewaysRig rig("2");
        {
            Gateways gateways(rig.options());
            gateways.start();
            CHECK(gateways.state().phase == Phase::ready);
        }
        REQUIRE(rig.failures.size() == 2);
        CHECK(rig.failures[0].empty());
        CHECK(rig.failures[1].find("cannot listen on 127.0.0.1:1: in use") != std::string::npos);
        CHECK(rig.phases ==
              std::vector{Phase::starting, Phase::ended, Phase::starting, Phase::ready});
    }

    TEST_CASE("without another place it is not started again, and whoever starts it is told why") {
        GatewaysRig rig("");
        Gateways gateways(rig.options());
        try {
            gateways.start();
            FAIL("started");
        } catch (const std::runtime_error& problem) {
            CHECK(std::string(problem.what()).find("cannot listen on 127.0.0.1:1: in use") !=
                  std::string::npos);
        }
        CHECK(rig.failures.size() == 2);
        CHECK(rig.phases == std::vector{Phase::starting, Phase::ended});
    }

    TEST_CASE("a place that does not help is not left for a third") {
        GatewaysRig rig("3");
        Gateways gateways(rig.options());
        CHECK_THROWS_AS(gateways.start(), std::runtime_error);
        CHECK(rig.failures.size() == 2);
        CHECK(gateways.state().phase == Phase::ended);
    }
}

}  // namespace hermes::host::simulator
