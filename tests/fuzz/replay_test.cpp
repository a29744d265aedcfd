// The seeds of the fuzz targets, in every build: what they found once stays mended, and a target
// that no longer compiles is noticed. A property that does not hold ends the program.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#define TARGET(name) extern "C" int replay_##name(const std::uint8_t* data, std::size_t size);
HERMES_FUZZ_TARGETS
#undef TARGET

namespace hermes::test {
namespace {

int replay(const std::string& target, int (*run)(const std::uint8_t*, std::size_t)) {
    int seeds = 0;
    const std::filesystem::directory_iterator folder(HERMES_FUZZ_CORPUS "/" + target);
    for (const auto& seed : folder) {
        std::ostringstream bytes;
        bytes << std::ifstream(seed.path(), std::ios::binary).rdbuf();
        const auto text = bytes.str();
        INFO(seed.path().string());
        CHECK(run(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) == 0);
        ++seeds;
    }
    return seeds;
}

TEST_SUITE_BEGIN("fuzz");

TEST_CASE("no seed of a fuzz target violates a property") {
#define TARGET(name) CHECK(replay(#name, replay_##name) > 0);
    HERMES_FUZZ_TARGETS
#undef TARGET
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::test
