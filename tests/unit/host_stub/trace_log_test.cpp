#include "output/log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <cstdio>

#include "base/unique_fd.hpp"
#include "config/text_file.hpp"
#include "gateway/platform_host.hpp"
#include "support/temp_directory.hpp"

using namespace hermes::host;
using hermes::LogLevel;
using hermes::TraceStep;

namespace {

class LinesLog final : public Log {
public:
    explicit LinesLog(LogLevel level = LogLevel::debug) : level_(level) {}
    void write(LogLevel level, std::string_view source, std::string_view line) noexcept override {
        CHECK(level == LogLevel::debug);
        lines.push_back(std::string(source) + ": " + std::string(line));
    }
    LogLevel level() const noexcept override { return level_; }
    std::vector<std::string> lines{};

private:
    LogLevel level_;
};

// What `write` puts on stderr.
template <typename Write>
std::string on_stderr(Write write) {
    const hermes::test::TempDirectory folder;
    const auto file = folder.path() / "log";
    std::fflush(stderr);
    const hermes::base::UniqueFd kept(::dup(STDERR_FILENO));
    REQUIRE(std::freopen(file.c_str(), "w", stderr) != nullptr);
    write();
    std::fflush(stderr);
    ::dup2(kept.get(), STDERR_FILENO);
    return read_text_file(file);
}

TraceStep whole_step() {
    return {.kind = TraceStep::Kind::handed_over,
            .event = {"17"},
            .message_id = "7301",
            .account = "hr",
            .user_id = "lisi",
            .sentence = "goes to the agent\nforged",
            .took = std::chrono::microseconds{2100}};
}

std::unique_ptr<PlatformHost> host_of(Log& log) {
    return std::make_unique<PlatformHost>("wecom_callback", "/nowhere", log,
                                          [](const hermes::MessageEvent&) {});
}

}  // namespace

TEST_SUITE("host_stub/log of steps") {
    TEST_CASE("a step is a member of its JSON line") {
        const auto line = on_stderr([] {
            make_log({LogLevel::debug, LogFormat::json})
                ->write_step("wecom_callback", whole_step());
        });
        CHECK(std::count(line.begin(), line.end(), '\n') == 1);
        const auto json = boost::json::parse(line).as_object();
        CHECK(json.at("level") == "debug");
        CHECK(json.at("source") == "wecom_callback");
        CHECK(json.at("message") == "goes to the agent forged");
        CHECK(json.at("step") == boost::json::object{{"kind", "handed_over"},
                                                     {"event", "17"},
                                                     {"message_id", "7301"},
                                                     {"account", "hr"},
                                                     {"user_id", "lisi"},
                                                     {"took_us", 2100}});
    }

    TEST_CASE("what an agent was given and said is in the JSON, whatever is in it") {
        const AgentTalk talk{
            .given = "{\"text\":\"a\\nb\"}", .output = "one\ntwo \xff", .ending = "exit status 0"};
        const auto line = on_stderr([&] {
            make_log({LogLevel::debug, LogFormat::json})
                ->write_step("gateway", "agent_answered", {.sentence = "said"}, talk);
        });
        CHECK(std::count(line.begin(), line.end(), '\n') == 1);
        CHECK(boost::json::parse(line).at("step") ==
              boost::json::object{{"kind", "agent_answered"},
                                  {"given", talk.given},
                                  {"output", "one\ntwo \uFFFD"},
                                  {"ending", "exit status 0"}});
        const auto text = on_stderr([&] {
            make_log({LogLevel::debug, LogFormat::text})
                ->write_step("gateway", "agent_answered", {.sentence = "said"}, talk);
        });
        CHECK(text.ends_with("[gateway] said\n"));
    }

    TEST_CASE("what a step does not know is no member, and no level keeps it but debug") {
        const auto line = on_stderr([] {
            make_log({LogLevel::debug, LogFormat::json})
                ->write_step("p", {.kind = TraceStep::Kind::received, .sentence = "came"});
            make_log({LogLevel::info, LogFormat::json})
                ->write_step("p", {.kind = TraceStep::Kind::received, .sentence = "not seen"});
        });
        CHECK(boost::json::parse(line).at("step") == boost::json::object{{"kind", "received"}});
    }

    TEST_CASE("as text a step is a sentence, with what is known of its message") {
        LinesLog log;
        log.write_step("p", whole_step());
        log.write_step("p", {.event = {"17"}, .sentence = "stored"});
        log.write_step("p", {.user_id = "lisi", .sentence = "stored"});
        log.write_step("p", {.sentence = "stored"});
        CHECK(log.lines ==
              std::vector<std::string>{
                  "p: goes to the agent\nforged (event 17, message 7301 from lisi to hr)",
                  "p: stored (event 17)", "p: stored (from lisi)", "p: stored"});
    }

    TEST_CASE("every step has a word of its own") {
        std::string words;
        for (int kind = 0; kind <= static_cast<int>(TraceStep::Kind::attempted); ++kind) {
            words += std::string(step_word(static_cast<TraceStep::Kind>(kind))) + ' ';
        }
        CHECK(words ==
              "received stored known_already handed_over begun settled reply_stored delivered "
              "put_off set_aside attempted ");
    }
}

TEST_SUITE("host_stub/platform_host") {
    TEST_CASE("a trace is offered where its steps are kept, and nothing under another name") {
        LinesLog debug;
        const auto host = host_of(debug);
        auto* trace = hermes::extension_of<hermes::Trace>(*host);
        REQUIRE(trace != nullptr);
        trace->step({.sentence = "stored"});
        CHECK(debug.lines == std::vector<std::string>{"wecom_callback: stored"});
        CHECK(host->extension("hermes.trace/2") == nullptr);
        CHECK(host->extension("") == nullptr);
        LinesLog info(LogLevel::info);
        CHECK(hermes::extension_of<hermes::Trace>(*host_of(info)) == nullptr);
    }
}
