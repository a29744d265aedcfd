#include "log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace hermes::host {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

class SpdLog final : public Log {
public:
    explicit SpdLog(const LogConfig& config)
        : level_(config.level),
          json_(config.format == LogFormat::json),
          logger_("hermes", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
        logger_.set_level(level_of(config.level));
        logger_.set_pattern(json_ ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                                  : "%Y-%m-%d %H:%M:%S.%e %l %v");
        logger_.flush_on(spdlog::level::trace);
    }

    void write(LogLevel level, std::string_view source, std::string_view line) noexcept override {
        const auto spd_level = level_of(level);
        if (!logger_.should_log(spd_level)) {
            return;
        }
        if (json_) {
            logger_.log(spd_level, R"("source":{},"message":{})", json_text(source),
                        json_text(one_line(line)));
        } else {
            logger_.log(spd_level, "[{}] {}", source, one_line(line));
        }
    }

    LogLevel level() const noexcept override { return level_; }

private:
    LogLevel level_;
    bool json_;
    spdlog::logger logger_;
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
    return std::make_unique<SpdLog>(config);
}

}  // namespace hermes::host
