// The door: the descriptor, and the guard that lets only std::runtime_error out.
#include "hermes/plugin.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

#include "adapter.hpp"
#include "doctor.hpp"
#include "inspector.hpp"
#include "settings.hpp"
#include "settings_table.hpp"
#include "version.hpp"

namespace hermes::wecom {

namespace {

// Calls `make`. The code of every other exception class would be gone once the host unloads us,
// while it may still look at the exception.
template <typename Make>
auto guarded(Make make) {
    try {
        return make();
    } catch (const std::exception& error) {
        throw std::runtime_error(error.what());
    } catch (...) {
        throw std::runtime_error("unknown failure in the plugin");
    }
}

// Lets only std::runtime_error out of start. Everything else is noexcept already.
class GuardedAdapter final : public PlatformAdapter {
public:
    explicit GuardedAdapter(std::unique_ptr<PlatformAdapter> adapter)
        : adapter_(std::move(adapter)) {}

    void start() override {
        guarded([this] { adapter_->start(); });
    }
    void stop(std::chrono::steady_clock::time_point deadline) noexcept override {
        adapter_->stop(deadline);
    }
    void send(OutboundMessage message, SendHandler handler) noexcept override {
        adapter_->send(std::move(message), std::move(handler));
    }
    bool begin(const EventId& event) noexcept override { return adapter_->begin(event); }
    void settle(const EventId& event) noexcept override { adapter_->settle(event); }
    Capabilities capabilities() const noexcept override { return adapter_->capabilities(); }

private:
    std::unique_ptr<PlatformAdapter> adapter_;
};

// Likewise: an inspector may throw wherever it looks.
class GuardedInspector final : public StateInspector {
public:
    explicit GuardedInspector(std::unique_ptr<StateInspector> inspector)
        : inspector_(std::move(inspector)) {}

    StateSummary summary() override {
        return guarded([&] { return inspector_->summary(); });
    }
    std::vector<DeadLetter> dead_letters(std::size_t limit) override {
        return guarded([&] { return inspector_->dead_letters(limit); });
    }
    std::optional<DeadLetter> dead_letter(const std::string& id) override {
        return guarded([&] { return inspector_->dead_letter(id); });
    }
    bool retry(const std::string& id) override {
        return guarded([&] { return inspector_->retry(id); });
    }
    std::size_t retry_all(const DeadLetterFilter& filter) override {
        return guarded([&] { return inspector_->retry_all(filter); });
    }
    bool drop(const std::string& id) override {
        return guarded([&] { return inspector_->drop(id); });
    }

private:
    std::unique_ptr<StateInspector> inspector_;
};

std::vector<std::string> check(const PlatformSettings& settings) noexcept {
    try {
        parse_settings(settings);
        return {};
    } catch (const SettingsError& error) {
        return error.problems();
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

std::unique_ptr<PlatformAdapter> create(const AdapterContext& context) {
    return guarded([&]() -> std::unique_ptr<PlatformAdapter> {
        return std::make_unique<GuardedAdapter>(
            make_adapter(context.host, parse_settings(context.settings), context.mode));
    });
}

std::unique_ptr<StateInspector> inspect(const AdapterContext& context) {
    return guarded([&]() -> std::unique_ptr<StateInspector> {
        return std::make_unique<GuardedInspector>(
            make_inspector(context.host, parse_settings(context.settings)));
    });
}

void examine(const AdapterContext& context, const Examination& examination) {
    guarded([&] {
        examine_setup(context.host, parse_settings(context.settings), base::system_clock(),
                      examination);
    });
}

}  // namespace

}  // namespace hermes::wecom

extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
    .size = sizeof(hermes::PluginDescriptor),
    .api_version = hermes::plugin_api_version,
    .abi_tag = HERMES_ABI_TAG,
    .name = hermes::wecom::platform_name,
    .version = HERMES_WECOM_VERSION,
    .summary = "WeCom (Enterprise WeChat) self-built apps in callback mode",
    .settings = hermes::wecom::settings_table.data(),
    .setting_count = hermes::wecom::settings_table.size(),
    .entry_list = hermes::wecom::apps_key,
    .check = hermes::wecom::check,
    .create = hermes::wecom::create,
    .inspect = hermes::wecom::inspect,
    .examine = hermes::wecom::examine,
};
