#include "loader/platforms.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/settings_text.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

// A configuration beside a plugins folder that holds the echo platform.
class PlatformsDesk {
public:
    PlatformsDesk() {
        fs::create_directory(directory_.path() / "plugins");
        const fs::path library = HERMES_ECHO_PLATFORM;
        fs::create_symlink(library, directory_.path() / "plugins" / library.filename());
    }

    std::vector<ConfiguredPlatform> resolve(std::string_view yaml,
                                            const Environment& process = {}) {
        std::ofstream(directory_.path() / "config.yaml") << yaml;
        problems = {};
        config = load_host_config({directory_.path() / "config.yaml", {}}, process, problems);
        folder = load_plugins(config.plugins_dir);
        return resolve_platforms(config, folder, problems);
    }

    std::string plugins() const { return (directory_.path() / "plugins").string(); }

    Problems problems{};
    HostConfig config{};
    PluginFolder folder{};

private:
    hermes::test::TempDirectory directory_{};
};

}  // namespace

TEST_SUITE("host_stub/platforms") {
    TEST_CASE("an enabled platform gets its plugin and its merged settings") {
        PlatformsDesk desk;
        const auto platforms = desk.resolve("platforms: {echo_platform: {extra: {greeting: hi}}}",
                                            {{"ECHO_PLATFORM_PORT", "0"}});
        CHECK(desk.problems.errors == Lines{});
        CHECK(desk.problems.warnings == Lines{});
        REQUIRE(platforms.size() == 1);
        CHECK(platforms[0].plugin->name() == "echo_platform");
        CHECK(hermes::test::text_of(platforms[0].settings) ==
              R"(greeting: "hi", host: "127.0.0.1", port: 0)");
    }

    TEST_CASE("a platform that is disabled is not looked at, whatever the environment says") {
        PlatformsDesk desk;
        const auto platforms = desk.resolve(
            "platforms: {echo_platform: {enabled: false, extra: {x: 1}}, gone: {enabled: false}}",
            {{"ECHO_PLATFORM_PORT", "0"}});
        CHECK(platforms.empty());
        CHECK(desk.problems.errors == Lines{});
    }

    TEST_CASE("the settings of a plugin can be had without its being enabled") {
        PlatformsDesk desk;
        desk.resolve("");
        Problems problems;
        CHECK(hermes::test::text_of(settings_for(desk.config, desk.folder.plugins.at(0),
                                                 problems)) == R"(host: "127.0.0.1", port: 8646)");
    }

    TEST_CASE("variables of a platform that is not configured are a warning, once") {
        PlatformsDesk desk;
        CHECK(desk.resolve("", {{"ECHO_PLATFORM_PORT", "0"}, {"ECHO_PLATFORM_HOST", "x"}}).empty());
        CHECK(desk.problems.warnings ==
              Lines{"ECHO_PLATFORM_HOST is set, but config.yaml does not enable "
                    "platforms.echo_platform"});
    }
}

TEST_SUITE("host_stub/platforms refuses") {
    TEST_CASE("a platform that no plugin is for") {
        PlatformsDesk desk;
        desk.resolve("platforms: {echo_platfrom: {}, telegram: {}}");
        CHECK(desk.problems.errors == Lines{"platforms.echo_platfrom: no plugin of that name in " +
                                                desk.plugins() + ", did you mean echo_platform?",
                                            "platforms.telegram: no plugin of that name in " +
                                                desk.plugins() + " (found: echo_platform)"});
    }

    TEST_CASE("what the plugin itself finds wrong, with the whole key path") {
        PlatformsDesk desk;
        desk.resolve("platforms: {echo_platform: {extra: {host: 0.0.0.0}}}");
        CHECK(desk.problems.errors == Lines{"platforms.echo_platform.extra.host: expected a "
                                            "loopback address such as 127.0.0.1"});
    }

    TEST_CASE("what does not fit the plugin's table, without asking the plugin too") {
        PlatformsDesk desk;
        desk.resolve("platforms: {echo_platform: {extra: {port: x, host: 0.0.0.0}}}");
        CHECK(desk.problems.errors ==
              Lines{"platforms.echo_platform.extra.port: expected an integer, got \"x\""});
        desk.resolve("platforms: {echo_platform: {extra: {port: 70000, host: 0.0.0.0}}}");
        CHECK(desk.problems.errors ==
              Lines{"platforms.echo_platform.extra.port: expected 0 to 65535, got 70000"});
    }
}
