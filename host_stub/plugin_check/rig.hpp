// What the checks share: a host that counts, handlers that are counted, and a look at the process.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hermes/ext/extension.hpp"
#include "hermes/ext/trace.hpp"
#include "hermes/plugin.hpp"
#include "loader/plugin_loader.hpp"
#include "plugin_check/isolated.hpp"

namespace hermes::host {

// What a check works on. `folder` is empty at first and is cleaned up by the parent process.
struct CheckBench {
    std::filesystem::path plugin;
    PlatformSettings settings;
    std::filesystem::path folder;
};

// A host that knows when it may be called.
class CountingHost final : public AdapterHost, private Trace {
public:
    explicit CountingHost(const std::filesystem::path& folder) : folder_(folder.string()) {}

    void on_message(MessageEvent event) noexcept override;
    bool answers_at_once(std::string_view /*text*/) const noexcept override {
        count();
        return false;
    }
    void log(LogLevel /*level*/, std::string_view /*line*/) noexcept override { count(); }
    LogLevel log_level() const noexcept override {
        count();
        return LogLevel::debug;
    }
    const std::string& data_directory() const noexcept override {
        count();
        return folder_;
    }

    // A trace, unless that was asked not to be offered.
    void* extension(std::string_view id) noexcept override;
    void offer_nothing() noexcept { offers_ = false; }
    std::vector<TraceStep> steps() const;

    // What it was handed over first. Nothing if a while after the start nothing has come: no check
    // can make a platform's users write.
    std::optional<MessageEvent> first_event() const;
    bool was_handed(const EventId& event) const;

    // From now on every call is one too many.
    void close() noexcept { closed_ = true; }
    int calls_too_many() const noexcept { return calls_too_many_; }

private:
    void step(const TraceStep& step) noexcept override;
    void count() const noexcept {
        if (closed_) {
            ++calls_too_many_;
        }
    }

    std::string folder_;
    std::atomic<bool> offers_{true};
    std::atomic<bool> closed_{false};
    mutable std::atomic<int> calls_too_many_{0};
    mutable std::mutex mutex_{};
    std::vector<MessageEvent> events_{};
    std::vector<TraceStep> steps_{};
};

// Counts the handlers given to one adapter: calls, and copies that still exist.
class HandlerLedger {
public:
    struct Entry {
        std::atomic<int> calls{0};
        std::atomic<int> calls_inside_send{0};
        std::atomic<SendStatus> status{SendStatus::deferred};
        std::atomic<SendError> error{SendError::none};
        std::atomic<bool> has_sentence{false};
    };

    // Sends, and returns where the handler writes what happens to it.
    std::shared_ptr<const Entry> send(PlatformAdapter& adapter, const std::string& chat);
    std::shared_ptr<const Entry> send(PlatformAdapter& adapter, OutboundMessage message);

    // Handlers that have not been destroyed.
    long alive() const noexcept { return token_.use_count() - 1; }

private:
    std::shared_ptr<int> token_ = std::make_shared<int>(0);
};

// An adapter with its host, in the order in which a host must destroy them.
class Running {
public:
    Running(const Plugin& plugin, const CheckBench& bench, AdapterMode mode = AdapterMode::gateway);
    // With a host that offers no extension.
    static Running without_extensions(const Plugin& plugin, const CheckBench& bench);

    PlatformAdapter& adapter() noexcept { return *adapter_; }
    CountingHost& host() noexcept { return *host_; }

    void stop() noexcept;     // and closes the host
    void destroy() noexcept;  // the adapter

private:
    Running(const Plugin& plugin, const CheckBench& bench, AdapterMode mode,
            std::unique_ptr<CountingHost> host);

    std::unique_ptr<CountingHost> host_;
    std::unique_ptr<PlatformAdapter> adapter_;
};

// Loads the plugin for the rest of this process.
const Plugin& load_for_good(const CheckBench& bench);

// Of this process.
std::size_t thread_count();
std::size_t descriptor_count();
std::size_t listener_count();  // TCP sockets that accept connections
bool is_mapped(const std::filesystem::path& library);

// Waits a little for `condition`: the kernel takes a moment to forget a thread that was joined.
template <typename Condition>
bool comes_true(Condition condition, std::chrono::milliseconds wait = std::chrono::seconds(2)) {
    const auto end = std::chrono::steady_clock::now() + wait;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
    }
    return true;
}

// Calls `act`, which must throw std::runtime_error itself, not a class derived from it, and gives
// the sentence. `what` names the call for the verdict.
std::string sentence_thrown_by(const Verdict& verdict, const std::string& what,
                               const std::function<void()>& act);

}  // namespace hermes::host
