// A second platform on durable, as small as one can be that loses nothing: a spool of files.
//
//     <data>/in/<chat>.<number>    what somebody wrote: put here by a rename, gone once it is kept
//     <data>/out/<chat>.<event>    the reply to it, whole, once
//
// WeCom taught the engine nothing that this platform would have to know.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "durable/engine.hpp"
#include "durable/store/host_values.hpp"
#include "hermes/plugin.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace hermes;

constexpr const char* account = "spool";
constexpr auto look_every = 20ms;
constexpr std::size_t text_bytes_max = 1 << 20;

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// The payload is the event's number and, behind a space, the text. It is written beside `out`
// first: what is there is whole.
class SpoolCourier final : public durable::Courier {
public:
    explicit SpoolCourier(fs::path folder) : folder_(std::move(folder)) {}

    void deliver(durable::Parcel parcel, Done done) override {
        const auto space = parcel.payload.find(' ');
        const auto name = parcel.chat + '.' + parcel.payload.substr(0, space);
        std::ofstream(folder_ / name, std::ios::binary) << parcel.payload.substr(space + 1);
        std::error_code error;
        fs::rename(folder_ / name, folder_ / "out" / name, error);
        durable::Receipt receipt;
        receipt.message_id = name;
        if (error) {
            receipt.error = durable::StateError::io;
            receipt.sentence = name + ": " + error.message();
        }
        done(std::move(receipt));
    }

private:
    fs::path folder_;
};

class DurableEcho final : public PlatformAdapter {
public:
    explicit DurableEcho(const AdapterContext& context)
        : host_(context.host),
          role_(durable::role_of(context.mode)),
          folder_(host_.data_directory()),
          courier_(folder_) {}
    ~DurableEcho() override { stop(std::chrono::steady_clock::now()); }

    void start() override {
        fs::create_directories(folder_ / "in");
        fs::create_directories(folder_ / "out");
        durable::StoreOptions options;
        options.platform = "durable_echo";
        options.data_directory = folder_;
        options.role = role_;
        engine_.emplace(std::move(options));
        durable::DeliveryOptions delivery;
        delivery.accounts = {{account, "the spool"}};
        engine_->deliver_through(courier_, std::move(delivery));
        running_ = true;
        if (role_ == durable::GatewayKind::gateway) {
            engine_->start({.hand_over = [this](auto event) { hand_over(event); }});
            look();
        }
    }

    void stop(std::chrono::steady_clock::time_point deadline) noexcept override {
        running_ = false;
        if (engine_) {
            engine_->stop(deadline, {});
        }
    }

    void send(OutboundMessage message, SendHandler handler) noexcept override {
        if (!running_) {
            return durable::refuse_stopped(handler);
        }
        if (!message.attachments.empty() || message.question) {
            return durable::refuse(handler, SendError::invalid, "a file here is text alone");
        }
        auto parcel = durable::new_message(message);
        parcel.account = account;
        parcel.parts = {{std::to_string(parcel.answers) + ' ' + message.text}};
        parcel.lifetime = 24h;
        engine_->submit(std::move(parcel), std::move(handler));
    }

    bool begin(const EventId& event) noexcept override { return running_ && engine_->begin(event); }
    void settle(const EventId& event) noexcept override {
        if (running_) {
            engine_->settle(event);
        }
    }
    Capabilities capabilities() const noexcept override {
        Capabilities can;
        can.inbound = can.outbound = {MessageKind::text};
        can.redelivery = role_ == durable::GatewayKind::gateway;
        can.text_bytes_max = text_bytes_max;
        return can;
    }

private:
    // A file is removed once its event is kept: until then it is found again.
    void look() {
        for (const auto& entry : fs::directory_iterator(folder_ / "in")) {
            const auto name = entry.path().filename().string();
            const auto chat = name.substr(0, name.rfind('.'));
            engine_->store().inbox().accept(
                {name, account, chat, chat, content_of(entry.path())},
                [file = entry.path()](base::Result<durable::Accepted> kept) {
                    std::error_code gone;
                    kept&& fs::remove(file, gone);
                });
        }
        engine_->loop().at(engine_->loop().now() + look_every, [this] { look(); });
    }

    void hand_over(const durable::StoredEvent& stored) {
        auto event = durable::host_event(stored);
        event.platform = "durable_echo";
        event.user_id = event.user_name = stored.chat;
        event.text = stored.payload;
        host_.on_message(std::move(event));
    }

    AdapterHost& host_;
    const durable::GatewayKind role_;
    fs::path folder_;
    SpoolCourier courier_;
    std::optional<durable::Engine> engine_;
    std::atomic<bool> running_{false};
};

std::unique_ptr<PlatformAdapter> create(const AdapterContext& context) {
    return std::make_unique<DurableEcho>(context);
}

}  // namespace

extern "C" HERMES_PLUGIN_EXPORT const PluginDescriptor hermes_plugin = {
    .name = "durable_echo",
    .version = "0.1.0",
    .summary = "A spool of files, on the engine that loses nothing",
    .check = [](const PlatformSettings&) noexcept { return std::vector<std::string>(); },
    .create = create,
};
