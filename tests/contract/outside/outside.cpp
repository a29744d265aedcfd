#include "hermes/ext/extension.hpp"
#include "hermes/plugin.hpp"

namespace {

class Outside final : public hermes::PlatformAdapter {
public:
    void start() override {}
    void stop(std::chrono::steady_clock::time_point) noexcept override {}
    void send(hermes::OutboundMessage, hermes::SendHandler handler) noexcept override {
        if (handler) {
            handler({});
        }
    }
    bool begin(const hermes::EventId&) noexcept override { return false; }
    void settle(const hermes::EventId&) noexcept override {}
    hermes::Capabilities capabilities() const noexcept override { return {}; }
};

}  // namespace

extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
    .name = "outside",
    .version = "1.0",
    .summary = "built from the installed headers",
    .check = [](const hermes::PlatformSettings&) noexcept -> std::vector<std::string> {
        return {};
    },
    .create = [](const hermes::AdapterContext&) -> std::unique_ptr<hermes::PlatformAdapter> {
        return std::make_unique<Outside>();
    },
};
