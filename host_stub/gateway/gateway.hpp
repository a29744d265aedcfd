// The gateway: one adapter for each platform, and the conversations that they carry.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversations.hpp"
#include "gateway/heartbeat.hpp"
#include "hermes/adapter_host.hpp"
#include "hermes/platform_adapter.hpp"
#include "output/log.hpp"

namespace hermes::host {

struct PlatformSpec {
    std::string name;
    // What the plugin's factory does; may throw std::runtime_error.
    std::function<std::unique_ptr<PlatformAdapter>(AdapterHost&)> create;
};

class Gateway {
public:
    // `agent` and `log` outlive this, and so does the code behind `platforms`. Throws
    // std::runtime_error with one line if the file with the session ids can't be read.
    Gateway(std::vector<PlatformSpec> platforms, std::filesystem::path data_dir, Agent& agent,
            Log& log, ConversationOptions options);
    ~Gateway();  // as stop, without patience
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    // Returns when every platform listens. Throws std::runtime_error with one line that names the
    // first platform that does not, after the others have been stopped.  [control]
    void start();

    // Null: no such platform runs. Between start and stop.  [control]
    PlatformAdapter* adapter(std::string_view platform) const noexcept;

    // Whose threads have to come round, until stop. After start.  [control]
    std::vector<PulseSource> pulses();

    // Cancels the running turns, then stops the platforms. May be called twice.  [control]
    void stop(std::chrono::steady_clock::time_point deadline) noexcept;

private:
    struct Platform;

    std::vector<PlatformSpec> specs_;
    std::filesystem::path data_dir_;
    Log& log_;
    SessionIds ids_;
    Conversations conversations_;
    std::vector<std::unique_ptr<Platform>> platforms_{};  // gone before what they talk to
};

}  // namespace hermes::host
