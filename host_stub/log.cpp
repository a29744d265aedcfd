#include "log.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>

namespace hermes::host {
namespace {

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

class StderrLog final : public Log {
public:
    explicit StderrLog(const LogConfig& config) : config_(config) {}

    void write(LogLevel level, std::string_view source, std::string_view line) noexcept override {
        if (level < config_.level) {
            return;
        }
        try {
            const auto entry = entry_of(level, source, one_line(line));
            // One call, and with no buffer of its own: what other threads or processes write to
            // stderr comes before or after it.
            std::fwrite(entry.data(), 1, entry.size(), stderr);
        } catch (const std::exception&) {
            // Out of memory. Whoever logs has better things to do about it.
        }
    }

    LogLevel level() const noexcept override { return config_.level; }

private:
    std::string entry_of(LogLevel level, std::string_view source, std::string_view line) const {
        using namespace std::chrono;
        const auto now = floor<milliseconds>(system_clock::now());
        const auto seconds = system_clock::to_time_t(now);
        std::tm local{};
        ::localtime_r(&seconds, &local);
        const auto ms = std::to_string(1000 + now.time_since_epoch().count() % 1000).substr(1);
        std::string entry;
        if (config_.format == LogFormat::json) {
            auto zone = formatted("%z", local);
            zone.insert(3, ":");  // as ISO 8601's extended format has it
            entry.append(R"({"time":")").append(formatted("%Y-%m-%dT%H:%M:%S.", local));
            entry.append(ms).append(zone).append(R"(","level":")").append(word_of(level));
            entry.append(R"(","source":)").append(json_text(source));
            entry.append(R"(,"message":)").append(json_text(line)).append("}\n");
        } else {
            entry.append(formatted("%Y-%m-%d %H:%M:%S.", local)).append(ms).append(" ");
            entry.append(word_of(level)).append(" [").append(source).append("] ");
            entry.append(line).append("\n");
        }
        return entry;
    }

    const LogConfig config_;
};

}  // namespace

std::string one_line(std::string_view text) {
    std::string line(text);
    for (auto& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            c = ' ';
        }
    }
    return line;
}

std::unique_ptr<Log> make_log(const LogConfig& config) {
    return std::make_unique<StderrLog>(config);
}

}  // namespace hermes::host
