// The host's log: one line an entry, on stderr.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/host_config.hpp"
#include "hermes/adapter_host.hpp"
#include "hermes/ext/trace.hpp"
#include "output/agent_talk.hpp"
#include "output/translator.hpp"

namespace hermes::host {

// The word for a step in the log: "known_already".
std::string_view step_word(TraceStep::Kind kind) noexcept;

class Log {
public:
    Log() = default;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    virtual ~Log() = default;

    // `source` is who says it: "gateway", "agent", a platform's name. Control characters in `line`
    // are replaced: what a member wrote cannot forge an entry.  [any]
    virtual void write(LogLevel level, std::string_view source, std::string_view line) noexcept = 0;

    // A step of a message, at level debug: in a JSON line as a member of its own, else as a
    // sentence. [any]
    void write_step(std::string_view source, const TraceStep& step) noexcept {
        write_step(source, step_word(step.kind), step);
    }
    // With a word of the host's own for what it is: "agent_failed". `talk` is for a JSON line
    // alone.
    virtual void write_step(std::string_view source, std::string_view word, const TraceStep& step,
                            const AgentTalk& talk = {}) noexcept;

    virtual LogLevel level() const noexcept { return LogLevel::debug; }  // the lowest that is kept
};

// `words`: what is logged, in the operator's language; what it was made of outlives the log.
std::unique_ptr<Log> make_log(const LogConfig& config, Translator words = {});

// `text` without control characters, as one line.
std::string one_line(std::string_view text);

}  // namespace hermes::host
