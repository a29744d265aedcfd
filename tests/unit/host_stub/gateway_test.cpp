#include "gateway/gateway.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <optional>
#include <set>
#include <stdexcept>

#include "fakes.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::host::test::event;
using hermes::host::test::FakeAgent;
using hermes::host::test::FakeLog;
using hermes::host::test::Mailbox;

namespace {

// What an adapter went through, in order.
using Life = Mailbox<std::string>;

class LivingAdapter : public hermes::PlatformAdapter {
public:
    LivingAdapter(std::string name, hermes::AdapterHost& host, Life& life, std::string problem)
        : name_(std::move(name)), host_(host), life_(life), problem_(std::move(problem)) {}
    ~LivingAdapter() override { life_.put(name_ + " destroyed"); }

    void start() override {
        if (!problem_.empty()) {
            throw std::runtime_error(problem_);
        }
        life_.put(name_ + " started in " + host_.data_directory());
        host_.on_message(event("e1", "hello from " + name_));
    }
    void stop(std::chrono::steady_clock::time_point) noexcept override {
        life_.put(name_ + " stopped");
    }
    void send(hermes::OutboundMessage message, hermes::SendHandler) noexcept override {
        life_.put(name_ + " sent " + message.text);
    }
    bool begin(const hermes::EventId&) noexcept override { return true; }
    void settle(const hermes::EventId&) noexcept override {}
    hermes::Capabilities capabilities() const noexcept override { return {}; }

protected:
    std::string name_;
    hermes::AdapterHost& host_;
    Life& life_;

private:
    std::string problem_;
};

// Fails when the turn of its first message has begun.
class LateFailure final : public LivingAdapter {
public:
    LateFailure(hermes::AdapterHost& host, Life& life) : LivingAdapter("b", host, life, "") {}

    void start() override {
        LivingAdapter::start();
        begun_.take();
        throw std::runtime_error("port: 8645 is taken");
    }
    bool begin(const hermes::EventId& event) noexcept override {
        begun_.put(event.value);
        return true;
    }

private:
    Mailbox<std::string> begun_{};
};

PlatformSpec spec(const std::string& name, Life& life, const std::string& problem = "") {
    return {name, [=, &life](hermes::AdapterHost& host) {
                return std::make_unique<LivingAdapter>(name, host, life, problem);
            }};
}

std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(1);
}

struct GatewayFixture {
    hermes::test::TempDirectory folder{};
    FakeAgent agent{};
    FakeLog log{};
    Life life{};
    ConversationOptions options{.turns_max = 1};
};

}  // namespace

TEST_SUITE("host_stub/gateway") {
    TEST_CASE("its pulse is its own, and that of each platform which has one") {
        GatewayFixture f;
        Gateway gateway({spec("a", f.life)}, f.folder.path() / "data", f.agent, f.log, f.options);
        gateway.start();
        const auto pulses = gateway.pulses();
        REQUIRE(pulses.size() == 1);
        CHECK(pulses.front().name == "gateway");
        Mailbox<int> felt;
        pulses.front().feel([&] { felt.put(1); });
        CHECK(felt.take());
    }

    TEST_CASE("a platform starts in its own folder, which nobody else can read") {
        GatewayFixture f;
        const auto folder = f.folder.path() / "data" / "a";
        Gateway gateway({spec("a", f.life)}, f.folder.path() / "data", f.agent, f.log, f.options);
        gateway.start();
        CHECK(f.life.take() == "a started in " + folder.string());
        struct stat status {};
        REQUIRE(::stat(folder.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0700);
    }

    TEST_CASE("an event that comes while its platform starts is answered") {
        GatewayFixture f;
        Gateway gateway({spec("a", f.life)}, f.folder.path(), f.agent, f.log, f.options);
        f.agent.reply("hello from a", "hi");
        gateway.start();
        CHECK(f.life.take()->starts_with("a started"));
        CHECK(f.life.take() == "a sent hi");
    }

    TEST_CASE("a platform is stopped before it is destroyed, once, also by the destructor") {
        GatewayFixture f;
        {
            Gateway gateway({spec("a", f.life)}, f.folder.path(), f.agent, f.log, f.options);
            gateway.start();
            gateway.stop(soon());
            gateway.stop(soon());
        }
        CHECK(f.life.take()->starts_with("a started"));
        CHECK(f.life.take() == "a stopped");
        CHECK(f.life.take() == "a destroyed");
        CHECK(f.life.size() == 0);
    }

    TEST_CASE("a platform that does not start is named, and the others are stopped") {
        GatewayFixture f;
        Gateway gateway({spec("a", f.life), spec("b", f.life, "port: 8645 is taken")},
                        f.folder.path(), f.agent, f.log, f.options);
        CHECK_THROWS_WITH_AS(gateway.start(), "platform b did not start: port: 8645 is taken",
                             std::runtime_error);
        CHECK(f.life.take()->starts_with("a started"));
        const std::set<std::optional<std::string>> stopped{f.life.take(), f.life.take()};
        CHECK(stopped == std::set<std::optional<std::string>>{"a stopped", "b stopped"});
        CHECK(f.life.take() == "a destroyed");
        CHECK(f.life.take() == "b destroyed");
    }

    TEST_CASE("a platform that fails with a turn begun is there until that has ended") {
        GatewayFixture f;
        const PlatformSpec late{"b", [&](hermes::AdapterHost& host) {
                                    return std::make_unique<LateFailure>(host, f.life);
                                }};
        Gateway gateway({late}, f.folder.path(), f.agent, f.log, f.options);
        CHECK_THROWS_AS(gateway.start(), std::runtime_error);
        CHECK(f.agent.cancelled.take() == "hello from b");
        CHECK(f.life.take()->starts_with("b started"));
        CHECK(f.life.take() == "b stopped");
        CHECK(f.life.take() == "b destroyed");
    }

    TEST_CASE("a factory that throws is a platform that does not start") {
        GatewayFixture f;
        const PlatformSpec broken{
            "c", [](hermes::AdapterHost&) -> std::unique_ptr<hermes::PlatformAdapter> {
                throw std::runtime_error("token is missing");
            }};
        Gateway gateway({broken}, f.folder.path(), f.agent, f.log, f.options);
        CHECK_THROWS_WITH_AS(gateway.start(), "platform c did not start: token is missing",
                             std::runtime_error);
    }
}
