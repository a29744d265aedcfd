// The whole adapter in this process, between a host that is the test and a WeCom that is the
// simulator: real sockets, a real SQLite file, a clock that the test moves.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapter.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/reload.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "hermes/ext/trace.hpp"
#include "operator/doctor.hpp"
#include "outgoing/letter_words.hpp"
#include "simulator/wecom/wecom.hpp"
#include "support/e2e_world.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_directory.hpp"

namespace hermes::test {

// Collects what the adapter tells its host.
class RecordingHost final : public AdapterHost, private Trace {
public:
    explicit RecordingHost(std::string directory) : directory_(std::move(directory)) {}

    void on_message(MessageEvent event) noexcept override {
        if (answer_) {
            answer_(event);
        }
        events.put(std::move(event));
    }
    void log(LogLevel level, std::string_view line) noexcept override;
    bool answers_at_once(std::string_view text) const noexcept override { return text == urgent; }
    LogLevel log_level() const noexcept override { return kept; }
    const std::string& data_directory() const noexcept override { return directory_; }
    void* extension(std::string_view id) noexcept override {
        return traced ? offer<Trace>(id, *this) : nullptr;
    }

    // Runs on the adapter's thread before the event is put into `events`.
    void answer_with(std::function<void(const MessageEvent&)> answer) {
        answer_ = std::move(answer);
    }

    Mailbox<MessageEvent> events;
    LogLevel kept = LogLevel::debug;  // before the adapter is made
    bool traced = true;               // likewise
    std::string urgent = "/stop";     // likewise: what is answered at once
    Mailbox<TraceStep> steps;
    // Waits for a line of at least `level` that contains `text`.
    std::optional<std::string> wait_for_line(LogLevel level, std::string_view text);
    std::string all_lines() const;
    std::size_t lines_with(std::string_view text) const;
    // An operator reads all but debug lines, in Chinese where the locale asks for it.
    void check_chinese_lines() const;

private:
    void step(const TraceStep& step) noexcept override { steps.put(step); }

    struct Line {
        LogLevel level;
        std::string text;
    };
    std::string directory_;
    std::function<void(const MessageEvent&)> answer_;
    mutable std::mutex mutex_;
    std::condition_variable logged_;
    std::vector<Line> lines_;
};

std::vector<std::string> contents(const std::vector<host::simulator::Delivered>& deliveries);
std::vector<std::string> numbered(int count);  // "line 0", "line 1" ...

class AdapterRig {
public:
    using Change = std::function<void(boost::json::object& settings)>;

    // `change` edits the settings that fit the simulator, `change_world` what that plays.
    using ChangeWorld = std::function<void(host::simulator::World& world)>;
    explicit AdapterRig(Change change = {}, host::simulator::SimulatorOptions options = {},
                        const ChangeWorld& change_world = {});
    ~AdapterRig();

    void start();
    void stop();                       // cleanly, as `gateway start` does on SIGTERM
    void restart(Change change = {});  // or starts
    ReloadOutcome reload(const Change& change);

    std::uint16_t port() const { return port_; }  // once started
    boost::json::array all_apps() const;          // as the settings begin with

    // A member writes, and the event that the host is given for it.
    MessageEvent hear(const std::string& app, const std::string& user, const std::string& text);
    // Sends; the result comes into `results`.
    void send(OutboundMessage message);
    void reply(const MessageEvent& event, const std::string& text);
    void send_text(const std::string& account, const std::string& chat, const std::string& text);
    SendResult next_result();
    // What alice in hr has got once there are `count`, while the clock takes up to `steps` steps.
    std::vector<host::simulator::Delivered> deliveries_in_time(std::size_t count,
                                                               std::chrono::milliseconds step,
                                                               int steps);
    // Lets time pass, in up to `steps` steps, until so many parts have been delivered in all.
    void deliver_in_time(std::size_t deliveries, std::chrono::milliseconds step, int steps);

    wecom::Settings settings() const;  // as a command reads them
    std::unique_ptr<StateInspector> inspect();
    std::vector<Finding> examine(const base::Clock& at, const std::string& public_url = {});

    ManualClock clock;
    TempDirectory directory;
    host::simulator::WecomSimulator wecom;
    RecordingHost host;
    std::unique_ptr<PlatformAdapter> adapter;
    Mailbox<SendResult> results;
    durable::DeliveryLimits limits{.lanes = {.pacing = wecom::member_pacing}};

private:
    void let_time_pass(const host::simulator::DeliveryFilter& filter, std::size_t deliveries,
                       std::chrono::milliseconds step, int steps);

    boost::json::object settings_;
    std::uint16_t port_ = 0;
};

}  // namespace hermes::test
