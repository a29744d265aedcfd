#include "adapter.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "api/wecom_courier.hpp"
#include "capabilities.hpp"
#include "durable/engine.hpp"
#include "durable/store/host_values.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/reload.hpp"
#include "hermes/ext/trace.hpp"
#include "hermes/ext/withdrawal.hpp"
#include "host_log.hpp"
#include "http/http_client.hpp"
#include "incoming/event_mapping.hpp"
#include "incoming/member_files.hpp"
#include "incoming/member_names.hpp"
#include "ingress/ingress.hpp"
#include "metrics/adapter_metrics.hpp"
#include "metrics/adapter_pulse.hpp"
#include "metrics/health_warnings.hpp"
#include "operator/message_trace.hpp"
#include "outgoing/file_words.hpp"
#include "outgoing/greeter.hpp"
#include "outgoing/outgoing_messages.hpp"
#include "outgoing/questions.hpp"
#include "settings/kept_settings.hpp"
#include "settings/options.hpp"
#include "settings/version_1_apps.hpp"

namespace hermes::wecom {
namespace {

using base::Severity;
using std::chrono::steady_clock;

// For all apps together, which share a host; what has no connection waits for one.
constexpr std::size_t connections_to_wecom = 128;
// What is left of a stop's time for requests to WeCom after the callbacks have been answered.
constexpr std::chrono::milliseconds commit_reserve{500};

class WecomAdapter final : public PlatformAdapter, private Reload {
public:
    WecomAdapter(AdapterHost& host, Settings settings, AdapterMode mode, AdapterOverrides overrides)
        : host_(host),
          log_(log_of(host)),
          begun_with_(settings),
          settings_(std::move(settings)),
          trace_(extension_of<Trace>(host), settings_.apps()),
          mode_(mode),
          clock_(std::move(overrides.clock)),
          steady_clock_(std::move(overrides.steady_clock)),
          limits_(overrides.delivery) {}

    ~WecomAdapter() override { stop(steady_clock::now()); }

    void start() override;
    void stop(steady_clock::time_point deadline) noexcept override;
    void send(OutboundMessage message, SendHandler handler) noexcept override;
    bool begin(const EventId& event) noexcept override;
    void settle(const EventId& event) noexcept override;
    Capabilities capabilities() const noexcept override;
    void* extension(std::string_view id) noexcept override {
        auto* offered = offer<Reload>(id, *this);
        return offered != nullptr ? offered : offer<Pulse>(id, pulse_);
    }

private:
    ReloadOutcome reload(const PlatformSettings& given) noexcept override;
    std::vector<std::string> kept_keys() const override { return wecom::kept_keys(); }
    void put_in_force(Settings next);
    void open_store();
    void hand_over(const durable::StoredEvent& stored);
    void make_delivery();
    void start_handing_over();
    void warn();
    void say_what_starts();

    AdapterHost& host_;
    const base::Log log_;
    const Settings begun_with_;  // what is kept of it is not asked of settings_
    CurrentSettings settings_;
    const MessageTrace trace_;
    const AdapterMode mode_;
    const base::Clock clock_;
    const base::SteadyClock steady_clock_;
    const durable::DeliveryLimits limits_;

    // Made by start, kept until the end: send and settle may come at any time. Destroyed from the
    // bottom: first what calls, then what is called.
    std::optional<AdapterMetrics> metrics_;
    std::optional<durable::Engine> engine_;
    std::optional<http::HttpClient> client_;
    std::optional<WecomApi> api_;
    std::optional<AccessTokens> tokens_;
    std::optional<MediaIds> media_ids_;
    std::optional<WecomCourier> courier_;
    std::optional<MemberNames> names_;
    std::optional<MemberFiles> files_;
    std::optional<Questions> questions_;
    std::optional<AskingCourier> asking_courier_;
    std::optional<OutgoingMessages> outgoing_;
    std::optional<Greeter> greeter_;
    std::optional<Ingress> ingress_;
    AdapterPulse pulse_;
    std::atomic<bool> running_{false};
};

void WecomAdapter::open_store() {
    durable::StoreOptions options;
    options.platform = platform_name;
    options.connection = begun_with_.state.expose_secret();
    options.data_directory = host_.data_directory();
    options.role = durable::role_of(mode_);
    options.clock = clock_;
    options.steady_clock = steady_clock_;
    options.log = log_;
    options.version_1 = version_1_of(begun_with_);
    options.on_health = [this](const durable::StoreHealth& health) {
        if (health.available) {
            log_(Severity::info, "messages can be stored again");
        } else {
            log_(Severity::error, health.problem);
        }
    };
    options.on_dead_event = [this](const durable::DeadEvent& event) {
        trace_.set_aside(event);
        log_(Severity::error, "event " + std::to_string(event.seq) + " of app " +
                                  settings_.apps().now()->name_of(event.account) + ", chat " +
                                  event.chat + " is set aside: " + event.reason +
                                  "; see `state dead list`");
    };
    metrics_->watch(options);
    engine_.emplace(std::move(options));
    questions_.emplace(
        settings_, engine_->store().facts(), engine_->loop(), clock_,
        [this](durable::NewMessage message) { engine_->submit(std::move(message), {}); });
    outgoing_.emplace(*engine_, *questions_, settings_, log_);
}

void WecomAdapter::start() {
    try {
        metrics_.emplace(settings_.apps(), clock_, steady_clock_);
        open_store();
        auto client = client_options(begun_with_);
        client.connections_per_host = connections_to_wecom;
        client_.emplace(std::move(client));
        make_delivery();
        if (mode_ == AdapterMode::send_only) {
            running_ = true;
            return;
        }
        files_.emplace(*engine_, *api_, *tokens_, settings_.apps(), begun_with_,
                       media_folder(begun_with_, host_.data_directory()), clock_, log_,
                       metrics_->registry());
        auto options = ingress_options(begun_with_);
        options.steady_clock = steady_clock_;
        options.answers_at_once = [this](std::string_view text) {
            return host_.answers_at_once(text);
        };
        names_.emplace(engine_->loop(), *api_, *tokens_, engine_->store().facts(), clock_);
        greeter_.emplace(*outgoing_, clock_);
        options.door.entered = std::bind_front(&Greeter::entered, &*greeter_);
        options.door.turned_away = std::bind_front(&Greeter::turned_away, &*greeter_);
        options.trace = trace_.host();
        options.warnings = [this] { return health_warnings(engine_->delivery()); };
        ingress_.emplace(std::move(options), settings_.apps(), engine_->store(), clock_, log_,
                         metrics_->registry());
        ingress_->start();
        pulse_.begin(engine_->loop(), *ingress_);
        running_ = true;  // before the first event, whose answer may come at once
        start_handing_over();
        if (begun_with_.metrics) {
            metrics_->count_what_waits(*engine_);
        }
        say_what_starts();
    } catch (const std::exception& error) {
        stop(steady_clock::now());
        // Of any other class the code would be gone once the host unloads us.
        throw std::runtime_error(error.what());
    } catch (...) {
        stop(steady_clock::now());
        throw std::runtime_error("unknown failure in the plugin");
    }
}

void WecomAdapter::make_delivery() {
    api_.emplace(*client_);
    tokens_.emplace(engine_->loop(), engine_->beside(), *api_, engine_->store().tokens(), clock_);
    metrics_->watch(*tokens_);
    media_ids_.emplace(engine_->loop(), *api_, engine_->store().facts(), engine_->store().files(),
                       clock_);
    courier_.emplace(engine_->loop(), *api_, *tokens_, *media_ids_, settings_.apps());
    auto limits = limits_;
    limits.lanes.window_longest = begun_with_.requests_under_way;
    auto options = delivery_options(*begun_with_.apps, limits, log_);
    options.on_reply_stored = std::bind_front(&MessageTrace::reply_stored, &trace_);
    options.on_event = std::bind_front(&MessageTrace::delivery, &trace_);
    metrics_->watch(options);
    asking_courier_.emplace(*courier_, questions_->numbered());
    engine_->deliver_through(metrics_->measured(*asking_courier_), std::move(options));
    metrics_->show(*engine_);
}

void WecomAdapter::start_handing_over() {
    engine_->start({.hand_over = [this](const durable::StoredEvent& event) { hand_over(event); },
                    .on_unknown_account =
                        [this](const std::string& account) {
                            log_(Severity::warning,
                                 "messages wait for " + describe_unknown_app(account));
                        },
                    .make_ready =
                        [this](durable::StoredEvent event, durable::Inbox::Ready ready) {
                            const auto message = parse_inbound(event.payload);
                            if (!message) {  // hand_over says so
                                ready(std::move(event));
                            } else if (!questions_->take(event, *message, ready)) {
                                files_->make_ready(std::move(event), *message, std::move(ready));
                            }
                        },
                    .on_withdrawn =
                        [this, host = extension_of<Withdrawal>(host_)](std::int64_t event) {
                            metrics_->messages().withdrawn(event);
                            if (host != nullptr) {
                                host->withdraw(durable::event_id(event));
                            }
                        }});
}

void WecomAdapter::warn() {
    for (const auto& warning : settings_.now()->warnings) {
        log_(Severity::warning, warning);
    }
}

void WecomAdapter::say_what_starts() {
    warn();
    if (ingress_) {
        log_(Severity::info, "listening on " + begun_with_.host + ':' +
                                 std::to_string(ingress_->port()) + begun_with_.path + ", " +
                                 std::to_string(begun_with_.apps->size()) +
                                 " app(s), messages kept in " + engine_->store().location());
    }
}

ReloadOutcome WecomAdapter::reload(const PlatformSettings& given) noexcept {
    ReloadOutcome outcome;
    try {
        auto next = parse_settings(given);
        outcome.kept = keep(begun_with_, next);
        if (ingress_ && !next.tls_certificate.empty()) {
            ingress_->renew_tls(next.tls_certificate, next.tls_private_key);
        }
        put_in_force(std::move(next));
    } catch (const SettingsError& error) {
        outcome.problems = error.problems();
    } catch (const std::exception& error) {
        outcome.problems = {error.what()};
    }
    return outcome;
}

// First who is asked for an app, then who asks.
void WecomAdapter::put_in_force(Settings next) {
    settings_.replace(std::move(next));
    const auto now = settings_.now();
    metrics_->messages().configured();
    engine_->loop().post([this] { tokens_->configured(); });
    engine_->configure(accounts_of(*now->apps));
    if (ingress_) {
        ingress_->configure(ingress_rules(*now));
    }
    warn();
}

void WecomAdapter::stop(steady_clock::time_point deadline) noexcept {
    running_ = false;
    if (engine_) {
        engine_->stop_handing_over();  // first, since begin() may be waiting
        if (files_) {
            files_->stop();
        }
    }
    if (ingress_) {
        ingress_->stop(deadline);
    }
    if (engine_) {
        engine_->stop(deadline - commit_reserve, [this] {
            if (client_) {
                client_->stop();
            }
        });
    }
}

void WecomAdapter::hand_over(const durable::StoredEvent& stored) {
    auto message = parse_inbound(stored.payload);
    if (!message) {
        // It was parsed before it was stored, so an older version of us stored it.
        log_(Severity::error, "event " + std::to_string(stored.seq) +
                                  " cannot be read any more: " + message.error().message());
        engine_->store().inbox().settle(stored.seq);
        return;
    }
    const auto app = settings_.apps().now()->known(stored.account);  // as the engine was told
    auto event = to_event(stored, *message, *app);
    if (auto name = names_->name_of(app, message->from_user); !name.empty()) {
        event.user_name = std::move(name);
    }
    files_->say_what_is_missing(stored, event);
    questions_->complete(event, stored.seq);
    metrics_->messages().handed_over(stored);
    trace_.handed_over(stored, *message);
    host_.on_message(std::move(event));
}

void WecomAdapter::send(OutboundMessage message, SendHandler handler) noexcept {
    if (!running_ || !outgoing_->send(std::move(message), handler)) {
        durable::refuse_stopped(handler);
    }
}

bool WecomAdapter::begin(const EventId& event) noexcept {
    const bool may_begin = running_ && engine_->begin(event);
    if (may_begin) {
        metrics_->messages().begun(*durable::event_seq(event));
    }
    return may_begin;
}

void WecomAdapter::settle(const EventId& event) noexcept {
    const auto seq = durable::event_seq(event);
    if (seq && running_) {
        metrics_->messages().settled(*seq);
        engine_->settle(event);
    }
}

Capabilities WecomAdapter::capabilities() const noexcept {
    auto can = capabilities_of(begun_with_);
    if (mode_ == AdapterMode::gateway) {
        for (const auto kind :
             {MessageKind::image, MessageKind::voice, MessageKind::video, MessageKind::file}) {
            can.attachments_in.push_back({kind, begun_with_.media_bytes_max});
        }
    }
    can.redelivery = mode_ == AdapterMode::gateway;
    return can;
}

}  // namespace

std::unique_ptr<PlatformAdapter> make_adapter(AdapterHost& host, Settings settings,
                                              AdapterMode mode, AdapterOverrides overrides) {
    return std::make_unique<WecomAdapter>(host, std::move(settings), mode, std::move(overrides));
}

}  // namespace hermes::wecom
