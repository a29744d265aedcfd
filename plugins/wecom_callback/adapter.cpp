#include "adapter.hpp"

#include <atomic>
#include <future>
#include <optional>
#include <utility>

#include "api/entrusted.hpp"
#include "api_apps.hpp"
#include "durable/store.hpp"
#include "event_mapping.hpp"
#include "http/http_client.hpp"
#include "ingress/ingress.hpp"
#include "outgoing.hpp"
#include "policy/journey.hpp"
#include "to_result.hpp"
#include "version_1_apps.hpp"

namespace hermes::wecom {

namespace {

using base::Severity;
using std::chrono::steady_clock;

// Room for every app to have all of its requests under way, up to a size that WeCom bears.
constexpr std::size_t connections_to_wecom = 64;
// A callback that is not committed by then is answered 503, before WeCom gives up on it (5 s).
constexpr std::chrono::milliseconds answer_timeout{4'000};
// What is left of a stop's time for requests to WeCom after the callbacks have been answered.
constexpr std::chrono::milliseconds commit_reserve{500};

LogLevel level_of(Severity severity) noexcept {
    switch (severity) {
        case Severity::debug:
            return LogLevel::debug;
        case Severity::info:
            return LogLevel::info;
        case Severity::warning:
            return LogLevel::warning;
        case Severity::error:
            break;
    }
    return LogLevel::error;
}

Severity lowest_kept(LogLevel level) noexcept {
    for (const auto severity : {Severity::debug, Severity::info, Severity::warning}) {
        if (level_of(severity) >= level) {
            return severity;
        }
    }
    return Severity::error;
}

std::vector<CallbackApp> callback_apps(const Settings& settings) {
    std::vector<CallbackApp> apps;
    for (const auto& app : settings.apps) {
        apps.push_back(app.callback);
    }
    return apps;
}

IngressOptions ingress_options(const Settings& settings) {
    IngressOptions options;
    options.server.host = settings.host;
    options.server.port = settings.port;
    options.server.threads = settings.threads;
    options.server.body_bytes_max = settings.body_bytes_max;
    options.server.tls_certificate = settings.tls_certificate;
    options.server.tls_private_key = settings.tls_private_key;
    options.server.answer_timeout = answer_timeout;
    options.path = settings.path;
    options.allowed_sources = settings.allowed_sources;
    options.trusted_proxies = settings.trusted_proxies;
    options.metrics = settings.metrics;
    return options;
}

class WecomAdapter final : public PlatformAdapter {
public:
    WecomAdapter(AdapterHost& host, Settings settings, AdapterMode mode, AdapterOverrides overrides)
        : host_(host),
          log_([&host](Severity severity,
                       std::string_view line) { host.log(level_of(severity), line); },
               lowest_kept(host.log_level())),
          settings_(std::move(settings)),
          mode_(mode),
          clock_(std::move(overrides.clock)),
          steady_clock_(std::move(overrides.steady_clock)),
          limits_(overrides.delivery),
          apps_(api_apps(settings_)) {}

    ~WecomAdapter() override { stop(steady_clock::now()); }

    void start() override;
    void stop(steady_clock::time_point deadline) noexcept override;
    void send(OutboundMessage message, SendHandler handler) noexcept override;
    bool begin(const EventId& event) noexcept override;
    void settle(const EventId& event) noexcept override;
    Capabilities capabilities() const noexcept override;

private:
    void open_store();
    void hand_over(const durable::StoredEvent& stored);
    void submit(const OutboundMessage& message, SendHandler handler);
    void await_delivery_thread();
    void start_handing_over();
    std::vector<std::string> warnings() const;
    void keep_lost(const OutboundMessage& message, const SendResult& refused, SendHandler handler);
    void say_what_starts();

    AdapterHost& host_;
    const base::Log log_;
    const Settings settings_;
    const AdapterMode mode_;
    const base::Clock clock_;
    const base::SteadyClock steady_clock_;
    const DeliveryLimits limits_;
    const std::vector<ApiApp> apps_;

    // Made by start, kept until the end: send and settle may come at any time. Destroyed from the
    // bottom: first what calls, then what is called.
    std::optional<http::Metrics> metrics_;
    std::optional<base::EventLoop> store_loop_;
    std::optional<durable::Store> store_;
    std::optional<http::HttpClient> client_;
    std::optional<durable::DeliveryThread> thread_;
    std::optional<OutboxWorker> worker_;
    std::optional<EntrustedMessages> entrusted_;  // in mode send_only
    std::optional<Ingress> ingress_;
    std::atomic<bool> running_{false};
};

void WecomAdapter::open_store() {
    durable::StoreOptions options;
    options.connection = settings_.state.expose_secret();
    options.data_directory = host_.data_directory();
    options.role =
        mode_ == AdapterMode::gateway ? durable::StoreRole::gateway : durable::StoreRole::visitor;
    options.clock = clock_;
    options.steady_clock = steady_clock_;
    options.version_1 = version_1_of(settings_);
    options.on_health = [this](const durable::StoreHealth& health) {
        if (health.available) {
            log_(Severity::info, "messages can be stored again");
        } else {
            log_(Severity::error, health.problem);
        }
    };
    options.on_dead_event = [this](const durable::DeadEvent& event) {
        log_(Severity::error, "event " + std::to_string(event.seq) + " of app " +
                                  settings_.name_of(event.account) + ", chat " + event.chat +
                                  " is set aside: " + event.reason + "; see `state dead list`");
    };
    store_loop_.emplace(steady_clock_);
    store_.emplace(std::move(options), *store_loop_);
}

void WecomAdapter::start() {
    try {
        metrics_.emplace();
        open_store();
        auto client = wecom_client_options(settings_);
        client.connections_per_host = connections_to_wecom;
        client_.emplace(std::move(client));
        thread_.emplace(steady_clock_);
        worker_.emplace(*thread_, *store_, *client_, apps_, clock_, limits_, log_, *metrics_);
        if (mode_ == AdapterMode::send_only) {
            entrusted_.emplace(*thread_, *store_, *worker_);
            running_ = true;
            return;
        }
        auto options = ingress_options(settings_);
        options.answers_at_once = [this](std::string_view text) {
            return host_.answers_at_once(text);
        };
        options.warnings = [this] { return warnings(); };
        ingress_.emplace(std::move(options), callback_apps(settings_), *store_, clock_, log_,
                         *metrics_);
        ingress_->start();
        worker_->start();
        running_ = true;  // before the first event, whose answer may come at once
        start_handing_over();
        say_what_starts();
    } catch (...) {
        stop(steady_clock::now());
        throw;
    }
}

void WecomAdapter::start_handing_over() {
    std::vector<std::string> accounts;
    for (const auto& app : settings_.apps) {
        accounts.push_back(app.callback.account());
    }
    store_->inbox().start(
        std::move(accounts),
        {.hand_over = [this](const durable::StoredEvent& event) { hand_over(event); },
         .on_unknown_account =
             [this](const std::string& account) {
                 log_(Severity::warning, "messages wait for " + describe_unknown_app(account));
             }});
}

// What is degraded while messages are taken.
std::vector<std::string> WecomAdapter::warnings() const {
    std::vector<std::string> sentences;
    for (const auto& app : worker_->paused()) {
        sentences.push_back("app " + app.name + " cannot send at the moment" +
                            (app.code == 0 ? "" : ": WeCom answers " + std::to_string(app.code)));
    }
    return sentences;
}

void WecomAdapter::say_what_starts() {
    for (const auto& warning : settings_.warnings) {
        log_(Severity::warning, warning);
    }
    if (ingress_) {
        log_(Severity::info, "listening on " + settings_.host + ':' +
                                 std::to_string(ingress_->port()) + settings_.path + ", " +
                                 std::to_string(apps_.size()) + " app(s), messages kept in " +
                                 store_->location());
    }
}

void WecomAdapter::stop(steady_clock::time_point deadline) noexcept {
    running_ = false;
    if (store_) {
        store_->inbox().stop();  // first, since begin() may be waiting
    }
    if (ingress_) {
        ingress_->stop(deadline);
    }
    if (worker_) {
        worker_->stop(deadline - commit_reserve);
    }
    if (client_) {
        client_->stop();
    }
    await_delivery_thread();  // what the client's last answers mean is handed to the store
    if (store_) {
        store_->stop();
    }
    if (thread_) {
        thread_->post([this] {
            if (worker_) {
                worker_->defer_all();
            }
            if (entrusted_) {
                entrusted_->defer_all();
            }
        });
        thread_->stop();
    }
}

void WecomAdapter::await_delivery_thread() {
    std::promise<void> reached;
    if (thread_ && thread_->post([&reached] { reached.set_value(); })) {
        reached.get_future().wait();
    }
}

void WecomAdapter::hand_over(const durable::StoredEvent& stored) {
    auto message = parse_inbound(stored.xml);
    if (!message) {
        // It was parsed before it was stored, so an older version of us stored it.
        log_(Severity::error, "event " + std::to_string(stored.seq) +
                                  " cannot be read any more: " + message.error().message());
        store_->inbox().settle(stored.seq);
        return;
    }
    const auto name = settings_.name_of(stored.account);
    if (log_.keeps(Severity::debug)) {
        log_(Severity::debug, "event " + std::to_string(stored.seq) + ", " +
                                  describe_origin(message->msg_id, message->from_user.str(), name) +
                                  ": goes to the agent, attempt " + std::to_string(stored.attempt));
    }
    host_.on_message(to_event(stored, *message, name));
}

void WecomAdapter::send(OutboundMessage message, SendHandler handler) noexcept {
    // Planning reads the store and may render a megabyte of Markdown: not on the caller's thread.
    if (running_ && thread_->post([this, message = std::move(message), handler] {
            submit(message, handler);
        })) {
        return;
    }
    if (handler) {
        SendResult result;
        result.error = SendError::stopped;
        result.retryable = true;
        result.detail = "the adapter is not running";
        handler(result);
    }
}

void WecomAdapter::submit(const OutboundMessage& message, SendHandler handler) {
    OutgoingContext context;
    if (message.reply_to) {
        if (const auto seq = event_seq(*message.reply_to)) {
            context.answered_account = store_->inbox().account_of(*seq);
        }
    }
    context.last_heard = [this](const std::string& chat) {
        return store_->routes().last_heard(chat);
    };
    auto planned = plan_outgoing(message, settings_, context);
    if (auto* refused = std::get_if<SendResult>(&planned)) {
        log_(Severity::error, "not sent to " + message.chat.value + ": " + refused->detail);
        if (refused->error != SendError::store && message.reply_to &&
            message.role == ReplyRole::final_reply) {
            keep_lost(message, *refused, std::move(handler));
        } else if (handler) {
            handler(*refused);
        }
        return;
    }
    const auto report = [handler = std::move(handler)](const DeliveryReport& outcome) {
        if (handler) {
            handler(to_result(outcome));
        }
    };
    if (entrusted_) {
        entrusted_->submit(std::get<durable::NewMessage>(std::move(planned)), report);
    } else {
        worker_->submit(std::get<durable::NewMessage>(std::move(planned)), report);
    }
}

// The agent has finished: what it said must not be only a line of the log.
void WecomAdapter::keep_lost(const OutboundMessage& message, const SendResult& refused,
                             SendHandler handler) {
    const auto seq = event_seq(*message.reply_to);
    if (!seq || message.text.empty()) {
        if (handler) {
            handler(refused);
        }
        return;
    }
    durable::LostReply lost{.chat = message.chat.value,
                            .text = message.text,
                            .reason = refused.detail,
                            .settles = *seq};
    store_->outbox().keep_lost(std::move(lost), [this, refused, handler = std::move(handler)](
                                                    boost::system::error_code error) {
        auto result = refused;
        if (error) {
            result.error = SendError::stopped;  // the event has not been settled
            result.retryable = true;
        }
        if (handler && !thread_->post([handler, result] { handler(result); })) {
            handler(result);
        }
    });
}

bool WecomAdapter::begin(const EventId& event) noexcept {
    const auto seq = event_seq(event);
    return seq && running_ && store_->inbox().begin(*seq);
}

void WecomAdapter::settle(const EventId& event) noexcept {
    const auto seq = event_seq(event);
    if (seq && running_) {
        store_->inbox().settle(*seq);
    }
}

Capabilities WecomAdapter::capabilities() const noexcept {
    Capabilities can;
    can.inbound = {MessageKind::text,  MessageKind::image,    MessageKind::voice,
                   MessageKind::video, MessageKind::location, MessageKind::link,
                   MessageKind::event};
    can.outbound = {MessageKind::text};
    can.redelivery = mode_ == AdapterMode::gateway;
    can.splits_long_text = true;
    can.text_bytes_max = message_bytes_max;
    for (const auto& app : settings_.apps) {
        can.markdown = can.markdown || app.reply_format == MessageFormat::markdown;
    }
    return can;
}

}  // namespace

std::unique_ptr<PlatformAdapter> make_adapter(AdapterHost& host, Settings settings,
                                              AdapterMode mode, AdapterOverrides overrides) {
    return std::make_unique<WecomAdapter>(host, std::move(settings), mode, std::move(overrides));
}

}  // namespace hermes::wecom
