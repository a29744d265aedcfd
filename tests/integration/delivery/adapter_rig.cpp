#include "integration/delivery/adapter_rig.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "durable/operator/operator_view.hpp"
#include "support/chinese.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::test {

namespace {

namespace sim = host::simulator;
using std::chrono::seconds;

boost::json::object settings_for(const sim::World& world, const std::string& api_base) {
    boost::json::array apps;
    for (const auto& app : world.apps) {
        apps.push_back({{"name", app.name},
                        {"corp_id", app.corp_id},
                        {"corp_secret", app.corp_secret.expose_secret()},
                        {"agent_id", app.agent_id},
                        {"token", app.callback_token.expose_secret()},
                        {"encoding_aes_key", app.encoding_aes_key.expose_secret()}});
    }
    return {{"host", "127.0.0.1"},
            {"port", 0},
            {"api_base", api_base},
            {"allow_all_users", true},
            {"apps", apps}};
}

sim::SimulatorOptions with_clock(sim::SimulatorOptions options, const ManualClock& clock) {
    options.clock = clock.clock();
    return options;
}

sim::World changed(sim::World world, const AdapterRig::ChangeWorld& change) {
    if (change) {
        change(world);
    }
    return world;
}

}  // namespace

void RecordingHost::log(LogLevel level, std::string_view line) noexcept {
    {
        const std::lock_guard lock(mutex_);
        lines_.push_back({level, std::string(line)});
    }
    logged_.notify_all();
}

std::optional<std::string> RecordingHost::wait_for_line(LogLevel level, std::string_view text) {
    std::unique_lock lock(mutex_);
    std::optional<std::string> found;
    logged_.wait_for(lock, patience, [&] {
        for (const auto& line : lines_) {
            if (line.level >= level && line.text.find(text) != std::string::npos) {
                found = line.text;
                return true;
            }
        }
        return false;
    });
    return found;
}

std::string RecordingHost::all_lines() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& line : lines_) {
        text += line.text + '\n';
    }
    return text;
}

std::size_t RecordingHost::lines_with(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(lines_.begin(), lines_.end(),
                      [&](const Line& line) { return line.text.find(text) != std::string::npos; }));
}

void RecordingHost::check_chinese_lines() const {
    const std::lock_guard lock(mutex_);
    for (const auto& line : lines_) {
        if (line.level > LogLevel::debug) {
            check_chinese(line.text);
        }
    }
}

std::vector<std::string> contents(const std::vector<sim::Delivered>& deliveries) {
    std::vector<std::string> texts;
    for (const auto& delivered : deliveries) {
        texts.push_back(delivered.content);
    }
    return texts;
}

std::vector<std::string> numbered(int count) {
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) {
        texts.push_back("line " + std::to_string(i));
    }
    return texts;
}

AdapterRig::AdapterRig(Change change, sim::SimulatorOptions options,
                       const ChangeWorld& change_world)
    : wecom(changed(three_apps_world(), change_world), with_clock(std::move(options), clock)),
      host(directory.path().string()) {
    wecom.start();
    settings_ = settings_for(wecom.world(), wecom.api_base());
    if (change) {
        change(settings_);
    }
}

AdapterRig::~AdapterRig() {
    stop();
    host.check_chinese_lines();
    wecom.stop();
}

void AdapterRig::start() {
    adapter = wecom::make_adapter(
        host, wecom_settings(settings_), AdapterMode::gateway,
        {.clock = clock.clock(), .steady_clock = clock.steady_clock(), .delivery = limits});
    adapter->start();
    const auto line = host.wait_for_line(LogLevel::info, "listening on 127.0.0.1:");
    REQUIRE(line.has_value());
    const auto lines = host.all_lines();
    const auto start = lines.rfind("listening on ") + std::string("listening on ").size();
    const auto address = lines.substr(start, lines.find('/', start) - start);
    port_ = static_cast<std::uint16_t>(std::stoul(address.substr(address.find(':') + 1)));
    for (const auto& app : wecom.world().apps) {
        wecom.set_callback_url(app.name, "http://" + address + "/wecom/callback");
    }
}

ReloadOutcome AdapterRig::reload(const Change& change) {
    auto changed = settings_;
    change(changed);
    auto outcome =
        extension_of<Reload>(*adapter)->reload(platform_settings(boost::json::serialize(changed)));
    if (outcome.problems.empty()) {
        settings_ = std::move(changed);
    }
    return outcome;
}

boost::json::array AdapterRig::all_apps() const {
    return settings_for(wecom.world(), wecom.api_base()).at("apps").as_array();
}

void AdapterRig::stop() {
    if (adapter) {
        adapter->stop(std::chrono::steady_clock::now() + seconds{10});
        adapter.reset();
    }
}

void AdapterRig::restart(Change change) {
    stop();
    if (change) {
        change(settings_);
    }
    start();
}

MessageEvent AdapterRig::hear(const std::string& app, const std::string& user,
                              const std::string& text) {
    const auto result = wecom.write(app, user, sim::text_message(text));
    REQUIRE(result.acknowledged);
    auto event = host.events.take();
    REQUIRE(event.has_value());
    return std::move(*event);
}

void AdapterRig::send(OutboundMessage message) {
    adapter->send(std::move(message), [this](const SendResult& result) { results.put(result); });
}

void AdapterRig::reply(const MessageEvent& event, const std::string& text) {
    OutboundMessage message;
    message.chat = event.chat;
    message.account = event.account;
    message.reply_to = event.id;
    message.text = text;
    send(std::move(message));
}

void AdapterRig::send_text(const std::string& account, const std::string& chat,
                           const std::string& text) {
    OutboundMessage message;
    message.chat = {chat};
    message.account = account;
    message.text = text;
    send(std::move(message));
}

SendResult AdapterRig::next_result() {
    auto result = results.take();
    REQUIRE(result.has_value());
    return std::move(*result);
}

std::vector<sim::Delivered> AdapterRig::deliveries_in_time(std::size_t count,
                                                           std::chrono::milliseconds step,
                                                           int steps) {
    const sim::DeliveryFilter filter{.app = "hr", .user_id = "alice"};
    let_time_pass(filter, count, step, steps);
    return wecom.deliveries(filter);
}

void AdapterRig::deliver_in_time(std::size_t deliveries, std::chrono::milliseconds step,
                                 int steps) {
    let_time_pass({}, deliveries, step, steps);
}

void AdapterRig::let_time_pass(const sim::DeliveryFilter& filter, std::size_t deliveries,
                               std::chrono::milliseconds step, int steps) {
    // A clock that is moved is noticed within a second.
    constexpr std::chrono::milliseconds notice{1100};
    for (int i = 0; i < steps && wecom.deliveries(filter).size() < deliveries; ++i) {
        clock.advance(step);
        wecom.wait_for_deliveries(filter, deliveries, notice);
    }
}

std::vector<Finding> AdapterRig::examine(const base::Clock& at, const std::string& public_url) {
    std::vector<Finding> findings;
    Examination examination;
    examination.public_url = public_url;
    examination.found = [&](const Finding& finding) {
        check_chinese(finding.subject);
        check_chinese(finding.sentence);
        findings.push_back(finding);
    };
    wecom::examine_setup(host, wecom_settings(settings_), at, examination);
    return findings;
}

wecom::Settings AdapterRig::settings() const {
    return wecom_settings(settings_);
}

std::unique_ptr<StateInspector> AdapterRig::inspect() {
    const auto read = settings();
    return std::make_unique<durable::OperatorView>(read.state.expose_secret(),
                                                   host.data_directory(), wecom::letter_words(read),
                                                   wecom::platform_name);
}

}  // namespace hermes::test
