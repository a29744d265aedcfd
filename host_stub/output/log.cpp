#include "output/log.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>

#include "base/utf8.hpp"
#include "output/journal.hpp"

namespace hermes::host {
namespace {

// Of each part: what an agent says may be megabytes.
constexpr std::size_t talk_bytes_max = std::size_t{256} << 10U;

std::string_view word_of(LogLevel level) {
    const auto* word = std::ranges::find(log_levels, level, [](const auto& w) { return w.second; });
    return word != log_levels.end() ? word->first : "error";
}

std::string formatted(const char* format, const std::tm& time) {
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &time)};
}

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

boost::json::object step_json(std::string_view word, const TraceStep& step, const AgentTalk& talk) {
    boost::json::object json{{"kind", word}};
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty()) {
            json[key] = one_line(value);
        }
    };
    add("event", step.event.value);
    add("message_id", step.message_id);
    add("account", step.account);
    add("user_id", step.user_id);
    if (step.took) {
        json["took_us"] = step.took->count();
    }
    const auto add_talk = [&](const char* key, const std::string& text) {
        if (!text.empty()) {
            json[key] = base::to_valid_utf8(std::string_view(text).substr(0, talk_bytes_max));
        }
    };
    add_talk("given", talk.given);
    add_talk("output", talk.output);
    add_talk("errors", talk.errors);
    add_talk("ending", talk.ending);
    return json;
}

// "stored after 2.1 ms (event 17, message 7301 from lisi to hr)"
std::string step_text(const TraceStep& step) {
    std::string subject = step.event.value.empty() ? "" : "event " + step.event.value;
    if (!step.message_id.empty()) {
        subject += (subject.empty() ? "message " : ", message ") + step.message_id;
    }
    if (!step.user_id.empty()) {
        subject += (subject.empty() ? "from " : " from ") + step.user_id;
    }
    if (!step.account.empty()) {
        subject += (subject.empty() ? "to " : " to ") + step.account;
    }
    return subject.empty() ? step.sentence : step.sentence + " (" + subject + ')';
}

class StderrLog final : public Log {
public:
    StderrLog(const LogConfig& config, Translator words)
        : config_(config), words_(std::move(words)), to_journal_(stderr_is_journal()) {}

    void write(LogLevel level, std::string_view source, std::string_view line) noexcept override {
        put(level, [&] { return entry_of(level, source, one_line(words_(line)), nullptr); });
    }

    void write_step(std::string_view source, std::string_view word, const TraceStep& step,
                    const AgentTalk& talk) noexcept override {
        constexpr auto level = LogLevel::debug;
        put(level, [&] {
            if (config_.format == LogFormat::text) {
                return entry_of(level, source, one_line(step_text(step)), nullptr);
            }
            const auto json = step_json(word, step, talk);
            return entry_of(level, source, one_line(step.sentence), &json);
        });
    }

    LogLevel level() const noexcept override { return config_.level; }

private:
    template <typename MakeEntry>
    void put(LogLevel level, MakeEntry make_entry) const noexcept {
        if (level < config_.level) {
            return;
        }
        try {
            const std::string entry = make_entry();
            // One call, and with no buffer of its own: what other threads or processes write to
            // stderr comes before or after it.
            std::fwrite(entry.data(), 1, entry.size(), stderr);
        } catch (const std::exception&) {
            // Out of memory. Whoever logs has better things to do about it.
        }
    }

    // `step`, if there is one, is a member of the JSON line.
    std::string entry_of(LogLevel level, std::string_view source, std::string_view line,
                         const boost::json::object* step) const {
        using namespace std::chrono;
        const auto now = floor<milliseconds>(system_clock::now());
        const auto seconds = system_clock::to_time_t(now);
        std::tm local{};
        ::localtime_r(&seconds, &local);
        const auto ms = std::to_string(1000 + now.time_since_epoch().count() % 1000).substr(1);
        std::string entry(to_journal_ ? journal_priority(level) : "");
        if (config_.format == LogFormat::json) {
            auto zone = formatted("%z", local);
            zone.insert(3, ":");  // as ISO 8601's extended format has it
            entry.append(R"({"time":")").append(formatted("%Y-%m-%dT%H:%M:%S.", local));
            entry.append(ms).append(zone).append(R"(","level":")").append(word_of(level));
            entry.append(R"(","source":)").append(json_text(source));
            entry.append(R"(,"message":)").append(json_text(line));
            if (step != nullptr) {
                entry.append(R"(,"step":)").append(boost::json::serialize(*step));
            }
            entry.append("}\n");
        } else {
            if (!to_journal_) {
                entry.append(formatted("%Y-%m-%d %H:%M:%S.", local)).append(ms).append(" ");
            }
            entry.append(word_of(level)).append(" [").append(source).append("] ");
            entry.append(line).append("\n");
        }
        return entry;
    }

    const LogConfig config_;
    const Translator words_;
    const bool to_journal_;
};

}  // namespace

void Log::write_step(std::string_view source, std::string_view /*word*/, const TraceStep& step,
                     const AgentTalk& /*talk*/) noexcept {
    write(LogLevel::debug, source, step_text(step));
}

std::string_view step_word(TraceStep::Kind kind) noexcept {
    using enum TraceStep::Kind;
    switch (kind) {
        case received:
            return "received";
        case stored:
            return "stored";
        case known_already:
            return "known_already";
        case handed_over:
            return "handed_over";
        case begun:
            return "begun";
        case settled:
            return "settled";
        case reply_stored:
            return "reply_stored";
        case delivered:
            return "delivered";
        case put_off:
            return "put_off";
        case set_aside:
            return "set_aside";
        case attempted:
            return "attempted";
    }
    return "";
}

std::string one_line(std::string_view text) {
    // What a program says may be of any encoding, and a line of JSON has to be UTF-8. Among what is
    // no letter are U+0080 to U+009F, \xc2 and a byte, which terminals take for commands.
    constexpr char leads_c1 = '\xc2';
    std::string line;
    for (const char c : base::to_valid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 && byte <= 0x9f && line.ends_with(leads_c1)) {
            line.back() = ' ';
        } else {
            line += byte < 0x20 || byte == 0x7f ? ' ' : c;
        }
    }
    return line;
}

std::unique_ptr<Log> make_log(const LogConfig& config, Translator words) {
    return std::make_unique<StderrLog>(config, std::move(words));
}

}  // namespace hermes::host
