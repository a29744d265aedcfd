#include "adapter.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "api/wecom_courier.hpp"
#include "app_metrics.hpp"
#include "durable/engine.hpp"
#include "durable/host_event.hpp"
#include "event_mapping.hpp"
#include "file_words.hpp"
#include "greeter.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/trace.hpp"
#include "host_log.hpp"
#include "http/http_client.hpp"
#include "ingress/ingress.hpp"
#include "member_files.hpp"
#include "member_names.hpp"
#include "message_trace.hpp"
#include "options.hpp"
#include "outgoing.hpp"
#include "questions.hpp"
#include "version_1_apps.hpp"

namespace hermes::wecom {

namespace {

using base::Severity;
using std::chrono::steady_clock;

// For all apps together, which share a host; what has no connection waits for one.
constexpr std::size_t connections_to_wecom = 128;
// What is left of a stop's time for requests to WeCom after the callbacks have been answered.
constexpr std::chrono::milliseconds commit_reserve{500};

class WecomAdapter final : public PlatformAdapter {
public:
    WecomAdapter(AdapterHost& host, Settings settings, AdapterMode mode, AdapterOverrides overrides)
        : host_(host),
          log_(log_of(host)),
          settings_(std::move(settings)),
          trace_(extension_of<Trace>(host), settings_.apps),
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

private:
    void open_store();
    void hand_over(const durable::StoredEvent& stored);
    void plan(const OutboundMessage& message, SendHandler handler);
    bool say(const App& app, const ChatAddress& member, std::string text);
    void make_delivery();
    void start_handing_over();
    std::vector<std::string> warnings() const;
    void keep_lost(const OutboundMessage& message, const SendResult& refused, SendHandler handler);
    void say_what_starts();

    AdapterHost& host_;
    const base::Log log_;
    const Settings settings_;
    const MessageTrace trace_;
    const AdapterMode mode_;
    const base::Clock clock_;
    const base::SteadyClock steady_clock_;
    const durable::DeliveryLimits limits_;

    // Made by start, kept until the end: send and settle may come at any time. Destroyed from the
    // bottom: first what calls, then what is called.
    std::optional<http::Metrics> metrics_;
    std::optional<durable::Engine> engine_;
    std::optional<http::HttpClient> client_;
    std::optional<WecomApi> api_;
    std::optional<AccessTokens> tokens_;
    std::optional<MediaIds> media_ids_;
    std::optional<WecomCourier> courier_;
    std::optional<MemberNames> names_;
    std::optional<Greeter> greeter_;
    std::optional<MemberFiles> files_;
    std::optional<Questions> questions_;
    std::optional<Ingress> ingress_;
    std::atomic<bool> running_{false};
};

void WecomAdapter::open_store() {
    durable::StoreOptions options;
    options.platform = platform_name;
    options.connection = settings_.state.expose_secret();
    options.data_directory = host_.data_directory();
    options.role =
        mode_ == AdapterMode::gateway ? durable::StoreRole::gateway : durable::StoreRole::visitor;
    options.clock = clock_;
    options.steady_clock = steady_clock_;
    options.log = log_;
    options.version_1 = version_1_of(settings_);
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
                                  settings_.apps->name_of(event.account) + ", chat " + event.chat +
                                  " is set aside: " + event.reason + "; see `state dead list`");
    };
    engine_.emplace(std::move(options));
    questions_.emplace(settings_.apps, engine_->store().facts(), engine_->loop(), clock_,
                       settings_.delivery_deadline, [this](durable::NewMessage message) {
                           engine_->submit(std::move(message), {});
                       });
}

void WecomAdapter::start() {
    try {
        metrics_.emplace();
        open_store();
        auto client = client_options(settings_);
        client.connections_per_host = connections_to_wecom;
        client_.emplace(std::move(client));
        make_delivery();
        if (mode_ == AdapterMode::send_only) {
            running_ = true;
            return;
        }
        files_.emplace(*engine_, *api_, *tokens_, settings_,
                       media_folder(settings_, host_.data_directory()), clock_, log_, *metrics_);
        auto options = ingress_options(settings_);
        options.answers_at_once = [this](std::string_view text) {
            return host_.answers_at_once(text);
        };
        names_.emplace(engine_->loop(), *api_, *tokens_, engine_->store().facts(), clock_);
        greeter_.emplace(engine_->store().facts(), clock_,
                         [this](const AppPtr& app, const ChatAddress& member, std::string text) {
                             return say(*app, member, std::move(text));
                         });
        options.door.entered = std::bind_front(&Greeter::entered, &*greeter_);
        options.door.turned_away = std::bind_front(&Greeter::turned_away, &*greeter_);
        options.trace = trace_.host();
        options.warnings = [this] { return warnings(); };
        ingress_.emplace(std::move(options), settings_.apps, engine_->store(), clock_, log_,
                         *metrics_);
        ingress_->start();
        running_ = true;  // before the first event, whose answer may come at once
        start_handing_over();
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
    media_ids_.emplace(engine_->loop(), *api_, engine_->store().facts(), engine_->store().files(),
                       clock_);
    courier_.emplace(engine_->loop(), *api_, *tokens_, *media_ids_, settings_.apps);
    auto limits = limits_;
    limits.lanes.window_longest = settings_.requests_under_way;
    auto options = delivery_options(*settings_.apps, limits, log_, *metrics_);
    options.on_reply_stored = std::bind_front(&MessageTrace::reply_stored, &trace_);
    options.on_event =
        [this, count = std::move(options.on_event)](const durable::DeliveryReport& report) {
            count(report);
            trace_.delivery(report);
        };
    engine_->deliver_through(*courier_, std::move(options));
    show_apps(*metrics_, *settings_.apps, *engine_);
}

void WecomAdapter::start_handing_over() {
    std::vector<std::string> accounts;
    for (const auto& app : *settings_.apps) {
        accounts.push_back(app->account());
    }
    engine_->start(std::move(accounts),
                   {.hand_over = [this](const durable::StoredEvent& event) { hand_over(event); },
                    .on_unknown_account =
                        [this](const std::string& account) {
                            log_(Severity::warning,
                                 "messages wait for " + describe_unknown_app(account));
                        },
                    .make_ready =
                        [this](durable::StoredEvent event, durable::Inbox::Ready ready) {
                            if (!questions_->take(event, ready)) {
                                files_->make_ready(std::move(event), std::move(ready));
                            }
                        }});
}

// What is degraded while messages are taken.
std::vector<std::string> WecomAdapter::warnings() const {
    std::vector<std::string> sentences;
    for (const auto& app : engine_->delivery().paused()) {
        sentences.push_back(app.shown + " cannot send at the moment" +
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
                                 std::to_string(settings_.apps->size()) +
                                 " app(s), messages kept in " + engine_->store().location());
    }
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
    const auto app = settings_.apps->find_account(stored.account);  // one that we have started with
    auto event = to_event(stored, *message, *app);
    if (auto name = names_->name_of(app, message->from_user); !name.empty()) {
        event.user_name = std::move(name);
    }
    files_->say_what_is_missing(stored, event);
    questions_->complete(event, stored.seq);
    trace_.handed_over(stored, *message);
    host_.on_message(std::move(event));
}

void WecomAdapter::send(OutboundMessage message, SendHandler handler) noexcept {
    // Planning reads the store and may render a megabyte of Markdown: on no thread that somebody
    // else waits for.
    if (running_ && engine_->beside().post([this, message = std::move(message), handler] {
            plan(message, handler);
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

// A notice of our own; it goes the way of the agent's, also in what is left of the time of a stop.
bool WecomAdapter::say(const App& app, const ChatAddress& member, std::string text) {
    OutboundMessage message;
    message.chat = {member.str()};
    message.account = app.name;
    message.text = std::move(text);
    return engine_->beside().post([this, message = std::move(message)] { plan(message, {}); });
}

void WecomAdapter::plan(const OutboundMessage& message, SendHandler handler) {
    OutgoingContext context;
    if (message.reply_to) {
        if (const auto seq = durable::event_seq(*message.reply_to)) {
            context.answered_account = engine_->store().inbox().account_of(*seq);
        }
    }
    context.last_heard = [this](const std::string& chat) {
        return engine_->store().routes().last_heard(chat);
    };
    if (message.question) {
        context.unique = Questions::unique();
    }
    auto planned = plan_outgoing(message, open_files(message, log_), settings_, context);
    if (auto* refused = std::get_if<SendResult>(&planned)) {
        log_(Severity::error, "not sent to " + message.chat.value + ": " + refused->detail);
        if (refused->error != SendError::store && message.reply_to &&
            message.role == ReplyRole::final_reply) {
            keep_lost(message, *refused, std::move(handler));
        } else if (handler) {
            engine_->loop().post([handler = std::move(handler), refused = std::move(*refused)] {
                handler(refused);
            });
        }
        return;
    }
    auto& ready = std::get<PlannedMessage>(planned);
    if (ready.asked) {
        questions_->remember(*settings_.apps->find_account(ready.message.account), *ready.asked);
    }
    engine_->submit(std::move(ready.message), std::move(ready.files), std::move(handler));
}

// The agent has finished: what it said must not be only a line of the log.
void WecomAdapter::keep_lost(const OutboundMessage& message, const SendResult& refused,
                             SendHandler handler) {
    const auto seq = durable::event_seq(*message.reply_to);
    auto text = text_for_letter(message);
    if (!seq || text.empty()) {
        if (handler) {
            engine_->loop().post([handler = std::move(handler), refused] { handler(refused); });
        }
        return;
    }
    durable::LostReply lost{.chat = message.chat.value,
                            .text = std::move(text),
                            .reason = refused.detail,
                            .settles = *seq};
    engine_->store().outbox().keep_lost(
        std::move(lost),
        [this, refused, handler = std::move(handler)](boost::system::error_code error) {
            auto result = refused;
            if (error) {
                result.error = SendError::stopped;  // the event has not been settled
                result.retryable = true;
            }
            if (handler) {
                engine_->loop().post([handler, result] { handler(result); });
            }
        });
}

bool WecomAdapter::begin(const EventId& event) noexcept {
    const auto seq = durable::event_seq(event);
    return seq && running_ && engine_->store().inbox().begin(*seq);
}

void WecomAdapter::settle(const EventId& event) noexcept {
    const auto seq = durable::event_seq(event);
    if (seq && running_) {
        engine_->store().inbox().settle(*seq);
    }
}

Capabilities WecomAdapter::capabilities() const noexcept {
    auto can = capabilities_of(settings_);
    if (mode_ == AdapterMode::gateway) {
        for (const auto kind :
             {MessageKind::image, MessageKind::voice, MessageKind::video, MessageKind::file}) {
            can.attachments_in.push_back({kind, settings_.media_bytes_max});
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
