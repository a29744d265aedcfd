// The same promise for a second platform: what was put into its spool is answered once, whatever
// ends the gateway in between.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "crash/crash_rig.hpp"
#include "support/eventually.hpp"
#include "support/gateway_process.hpp"
#include "support/places.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

namespace {

namespace fs = std::filesystem;

constexpr int chats = 20;

int echo_rounds() {
    return is_long() ? 200 : 10;
}

// Messages go into the spool by a rename, as its platform asks for.
class Spool {
public:
    Spool() {
        std::ofstream(config()) << "plugins_dir: " << built_file("tests/plugins")
                                << "\ndata_dir: data\nagent: {kind: echo}\n"
                                   "platforms:\n  durable_echo:\n    enabled: true\n";
        fs::create_directories(in());
        fs::create_directories(out());
        arrivals_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        REQUIRE(::inotify_add_watch(arrivals_, out().c_str(), IN_MOVED_TO) >= 0);
    }
    ~Spool() { ::close(arrivals_); }
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    fs::path config() const { return directory_.path() / "config.yaml"; }
    fs::path in() const { return directory_.path() / "data/durable_echo/in"; }
    fs::path out() const { return directory_.path() / "data/durable_echo/out"; }

    void write(const std::string& chat, const std::string& text) {
        const auto unfinished = directory_.path() / "unfinished";
        std::ofstream(unfinished) << text;
        fs::rename(unfinished, in() / (chat + '.' + std::to_string(++written_)));
    }

    std::size_t answered() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(out()), fs::directory_iterator()));
    }

    // False if there are fewer for as long as anything may take.
    bool wait_until_answered(std::size_t count) const {
        while (answered() < count) {
            pollfd arrival{.fd = arrivals_, .events = POLLIN, .revents = 0};
            if (::poll(&arrival, 1,
                       static_cast<int>(std::chrono::milliseconds(patience).count())) <= 0) {
                return false;
            }
            std::array<char, 65'536> seen;
            while (::read(arrivals_, seen.data(), seen.size()) > 0) {
            }
        }
        return true;
    }

    // How often each text was answered.
    std::map<std::string, int> answers() const {
        std::map<std::string, int> texts;
        for (const auto& file : fs::directory_iterator(out())) {
            std::ostringstream text;
            text << std::ifstream(file.path()).rdbuf();
            ++texts[text.str()];
        }
        return texts;
    }

    int written() const noexcept { return written_; }

private:
    TempDirectory directory_;
    int written_ = 0;
    int arrivals_ = -1;
};

}  // namespace

TEST_SUITE("crash/durable_echo") {
    TEST_CASE("a spool on durable answers every message once, however often it is killed") {
        Spool spool;
        std::mt19937 random(20261128);
        for (int round = 0; round < echo_rounds(); ++round) {
            GatewayProcess gateway(spool.config());
            // What the last kill left is answered first: a message that three kills in a row meet
            // is set aside, which is another promise (docs/durability.md).
            const auto before = static_cast<std::size_t>(spool.written());
            REQUIRE(spool.wait_until_answered(before));
            for (int chat = 0; chat < chats; ++chat) {
                spool.write("chat" + std::to_string(chat),
                            "round " + std::to_string(round) + " chat " + std::to_string(chat));
            }
            // Somewhere between the first and the last answer of the round.
            const auto enough = before + random() % chats;
            REQUIRE(spool.wait_until_answered(enough));
            gateway.kill();
        }
        GatewayProcess gateway(spool.config());
        const auto all = static_cast<std::size_t>(spool.written());
        CHECK(spool.wait_until_answered(all));
        const auto answers = spool.answers();
        CHECK(answers.size() == all);
        for (const auto& [text, times] : answers) {
            CAPTURE(text);
            CHECK(times == 1);
        }
        CHECK(fs::is_empty(spool.in()));
        CHECK(gateway.stop() == 0);
    }
}

}  // namespace hermes::test
