#include "host_log.hpp"

namespace hermes::wecom {

namespace {

using base::Severity;

LogLevel level_of(Severity severity) noexcept {
    switch (severity) {
        case Severity::debug:
            return LogLevel::debug;
        case Severity::info:
            return LogLevel::info;
        case Severity::warning:
            return LogLevel::warning;
        case Severity::error:
            break;
    }
    return LogLevel::error;
}

Severity lowest_kept(LogLevel level) noexcept {
    for (const auto severity : {Severity::debug, Severity::info, Severity::warning}) {
        if (level_of(severity) >= level) {
            return severity;
        }
    }
    return Severity::error;
}

}  // namespace

base::Log log_of(AdapterHost& host) {
    return {
        [&host](Severity severity, std::string_view line) { host.log(level_of(severity), line); },
        lowest_kept(host.log_level())};
}

}  // namespace hermes::wecom
