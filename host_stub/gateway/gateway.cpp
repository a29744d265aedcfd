#include "gateway/gateway.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

#include "gateway/platform_host.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/pulse.hpp"
#include "system/data_folder.hpp"

namespace hermes::host {

constexpr std::chrono::seconds turns_patience{3};  // longer than an agent's program has to end
constexpr std::chrono::seconds patience_after_failure{1};  // when another platform did not start

struct Gateway::Platform {
    Platform(const PlatformSpec& spec, const std::filesystem::path& data_directory, Log& log,
             Conversations& conversations)
        : host(
              spec.name, data_directory, log,
              [this, &conversations](MessageEvent event) {
                  conversations.receive(*adapter, std::move(event));
              },
              [this, &conversations](const EventId& event) {
                  conversations.withdraw(name, event);
              }),
          name(spec.name),
          adapter(spec.create(host)) {}

    PlatformHost host;
    std::string name;
    std::unique_ptr<PlatformAdapter> adapter;  // destroyed first
};

Gateway::Gateway(std::vector<PlatformSpec> platforms, std::filesystem::path data_dir, Agent& agent,
                 Log& log, ConversationOptions options)
    : specs_(std::move(platforms)),
      data_dir_(std::move(data_dir)),
      log_(log),
      ids_(data_dir_ / "sessions.json"),
      conversations_(agent, ids_, log, std::move(options)) {
    if (!ids_.warning().empty()) {
        log_.write(LogLevel::warning, "gateway", ids_.warning());
    }
}

Gateway::~Gateway() {
    stop(std::chrono::steady_clock::now());
}

void Gateway::start() {
    for (const auto& spec : specs_) {
        try {
            const auto folder = make_data_directory(data_dir_, spec.name);
            // Kept before it starts: a message that came before it failed may have its turn.
            platforms_.push_back(std::make_unique<Platform>(spec, folder, log_, conversations_));
            platforms_.back()->adapter->start();
            log_.write(LogLevel::info, "gateway", "started " + spec.name);
        } catch (const std::runtime_error& problem) {
            const std::string line = "platform " + spec.name + " did not start: " + problem.what();
            stop(std::chrono::steady_clock::now() + patience_after_failure);
            throw std::runtime_error(line);
        }
    }
}

PlatformAdapter* Gateway::adapter(std::string_view platform) const noexcept {
    for (const auto& running : platforms_) {
        if (running->name == platform) {
            return running->adapter.get();
        }
    }
    return nullptr;
}

std::vector<PulseSource> Gateway::pulses() {
    std::vector<PulseSource> sources{
        {"gateway", [this](std::function<void()> felt) { conversations_.feel(std::move(felt)); }}};
    for (const auto& running : platforms_) {
        if (auto* pulse = extension_of<Pulse>(*running->adapter)) {
            sources.push_back({running->name, [pulse](std::function<void()> felt) {
                                   pulse->feel(std::move(felt));
                               }});
        }
    }
    return sources;
}

void Gateway::stop(std::chrono::steady_clock::time_point deadline) noexcept {
    // First the turns, so that their answers are taken; but not at any price: one of them may wait
    // for a store that does not answer, until its adapter stops.
    conversations_.wait_until_idle(std::chrono::steady_clock::now() + turns_patience);
    std::vector<std::thread> stopping;  // side by side: each may need all the time there is
    for (auto& platform : platforms_) {
        try {
            stopping.emplace_back([&] { platform->adapter->stop(deadline); });
        } catch (const std::system_error&) {  // no thread to be had
            platform->adapter->stop(deadline);
        }
    }
    for (auto& thread : stopping) {
        thread.join();
    }
    conversations_.stop();
    platforms_.clear();
}

}  // namespace hermes::host
