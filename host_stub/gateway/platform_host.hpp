// What an adapter sees of this host.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "conversation/slash_command.hpp"
#include "hermes/adapter_host.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/trace.hpp"
#include "hermes/ext/withdrawal.hpp"
#include "output/log.hpp"
#include "system/data_folder.hpp"

namespace hermes::host {

class PlatformHost final : public AdapterHost, private Trace, private Withdrawal {
public:
    using OnMessage = std::function<void(MessageEvent)>;
    using OnWithdrawn = std::function<void(const EventId&)>;

    // `on_withdrawn` is empty where no agent works.
    PlatformHost(std::string platform, const std::filesystem::path& data_directory, Log& log,
                 OnMessage on_message, OnWithdrawn on_withdrawn = {})
        : platform_(std::move(platform)),
          data_directory_(data_directory.string()),
          log_(log),
          on_message_(std::move(on_message)),
          on_withdrawn_(std::move(on_withdrawn)) {}
    ~PlatformHost() override { give_to_owner(data_directory_); }  // after the adapter
    PlatformHost(const PlatformHost&) = delete;
    PlatformHost& operator=(const PlatformHost&) = delete;

    void on_message(MessageEvent event) noexcept override { on_message_(std::move(event)); }
    bool answers_at_once(std::string_view text) const noexcept override {
        return parse_slash_command(text).has_value();
    }
    void log(LogLevel level, std::string_view line) noexcept override {
        log_.write(level, platform_, line);
    }
    LogLevel log_level() const noexcept override { return log_.level(); }
    const std::string& data_directory() const noexcept override { return data_directory_; }
    // A trace where somebody will see it.
    void* extension(std::string_view id) noexcept override {
        if (id == Withdrawal::extension_name) {
            return on_withdrawn_ ? offer<Withdrawal>(id, *this) : nullptr;
        }
        return log_.level() == LogLevel::debug ? offer<Trace>(id, *this) : nullptr;
    }

private:
    void withdraw(const EventId& event) noexcept override { on_withdrawn_(event); }
    void step(const TraceStep& step) noexcept override { log_.write_step(platform_, step); }

    std::string platform_;
    std::string data_directory_;
    Log& log_;
    OnMessage on_message_;
    OnWithdrawn on_withdrawn_;
};

}  // namespace hermes::host
