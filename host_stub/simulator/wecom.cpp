#include "simulator/wecom.hpp"

#include <atomic>
#include <future>
#include <stdexcept>
#include <utility>

#include "base/guarded.hpp"
#include "http/http_server.hpp"
#include "simulator/record_book.hpp"
#include "simulator/relay.hpp"
#include "simulator/scheduler.hpp"
#include "simulator/wecom_api.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t body_bytes_max = 32 * 1024 * 1024;  // the largest media and its envelope
constexpr std::chrono::seconds stop_wait{2};
// More than a person looks back, less than a browser minds.
constexpr std::size_t snapshot_entries_max = 5'000;
constexpr std::size_t snapshot_steps_max = 2'000;

http::HttpServerOptions server_options() {
    http::HttpServerOptions options;
    options.body_bytes_max = body_bytes_max;
    return options;
}

RecordBook::Deadline in(std::chrono::milliseconds timeout) {
    return std::chrono::steady_clock::now() + timeout;
}

}  // namespace

class WecomSimulator::Impl {
public:
    Impl(World given, SimulatorOptions given_options)
        : world(std::move(given)),
          options(std::move(given_options)),
          book(options.clock, {.on_step = [this](const WireStep& step) { pass_on(step); },
                               .on_entry = [this](const ChatEntry& entry) { pass_on(entry); },
                               .before_step = options.hear_gateway}),
          api(world, book,
              {.clock = options.clock,
               .access_token_lifetime = options.access_token_lifetime,
               .limits = options.limits,
               .on_menus =
                   [this] {
                       tell([](const Observer& observer) {
                           if (observer.on_menus) {
                               observer.on_menus();
                           }
                       });
                   }}),
          sender(scheduler, book, api,
                 {.clock = options.clock,
                  .timeout = options.callback_timeout,
                  .tries_max = options.callback_tries_max,
                  .retry_pause = options.callback_retry_pause,
                  .ca_file = options.ca_file}),
          server(server_options(),
                 [this](const http::HttpRequest& request, http::Responder respond) {
                     serve(request, std::move(respond));
                 }),
          relay(options.port, [this] { return api.meet_unread(); }) {}

    void serve(const http::HttpRequest& request, http::Responder respond) {
        auto answer = api.answer({.method = request.method(),
                                  .target = request.target(),
                                  .content_type = request.header("Content-Type"),
                                  .body = request.body(),
                                  .caller_ip = request.remote_address()});
        if (answer.delay == std::chrono::milliseconds(0)) {
            respond(std::move(answer.response));
            return;
        }
        // Shared because a std::function must be copyable.
        auto later = std::make_shared<http::Responder>(std::move(respond));
        scheduler.after(answer.delay, [later, response = std::move(answer.response)]() mutable {
            (*later)(std::move(response));
        });
    }

    // These may be called with the book locked: the observers run later, in the same order.
    void pass_on(const WireStep& step) {
        tell([step](const Observer& observer) {
            if (observer.on_step) {
                observer.on_step(step);
            }
        });
        if (step.kind == StepKind::fault_met) {
            tell_of_faults();
        }
    }

    void pass_on(const ChatEntry& entry) {
        tell([entry](const Observer& observer) {
            if (observer.on_entry) {
                observer.on_entry(entry);
            }
        });
    }

    void tell_of_faults() {
        tell([](const Observer& observer) {
            if (observer.on_faults) {
                observer.on_faults();
            }
        });
    }

    template <typename Call>
    void tell(Call call) {
        auto listening = observers.with([](const auto& list) { return list; });
        if (!listening.empty()) {
            scheduler.post([listening = std::move(listening), call = std::move(call)] {
                for (const auto& observer : listening) {
                    call(observer);
                }
            });
        }
    }

    App app(std::string_view name) const {
        const auto* const found = world.find_app(name);
        if (found == nullptr) {
            throw std::invalid_argument("no app \"" + std::string(name) + "\"");
        }
        auto copy = *found;
        urls.with([&](const auto& changed) {
            const auto url = changed.find(copy.name);
            copy.callback_url = url == changed.end() ? copy.callback_url : url->second;
        });
        return copy;
    }

    const Member& member(const App& of, std::string_view user_id) const {
        const auto* const found = world.find_member(of.corp_id, user_id);
        if (found == nullptr) {
            throw std::invalid_argument("no member \"" + std::string(user_id) + "\" in corp \"" +
                                        of.corp_id + "\"");
        }
        return *found;
    }

    void stop() noexcept {
        sender.stop();
        scheduler.stop();
        relay.stop();
        server.stop(std::chrono::steady_clock::now() + stop_wait);
    }

    const World world;
    const SimulatorOptions options;
    base::Guarded<std::vector<Observer>> observers;
    base::Guarded<std::map<std::string, std::string>> urls;  // set after the start, by app
    std::atomic<bool> is_up = true;

    // Each uses those before it. The scheduler's thread is joined before they go: see stop.
    Scheduler scheduler;
    RecordBook book;
    WecomApi api;
    CallbackSender sender;
    http::HttpServer server;
    Relay relay;
};

namespace {

template <typename Send>
CallbackResult awaited(Send send) {
    // Shared: the handler's thread may still be inside set_value when this one has the value.
    const auto promise = std::make_shared<std::promise<CallbackResult>>();
    send([promise](const CallbackResult& result) { promise->set_value(result); });
    return promise->get_future().get();
}

}  // namespace

WecomSimulator::WecomSimulator(World world, SimulatorOptions options) {
    check_world(world);
    impl_ = std::make_unique<Impl>(std::move(world), std::move(options));
}

WecomSimulator::~WecomSimulator() {
    stop();
}

void WecomSimulator::start() {
    impl_->server.start();
    impl_->relay.start(impl_->server.port());
}

void WecomSimulator::stop() noexcept {
    impl_->stop();
}

std::uint16_t WecomSimulator::port() const noexcept {
    return impl_->relay.port();
}

std::string WecomSimulator::api_base() const {
    return "http://127.0.0.1:" + std::to_string(port());
}

const World& WecomSimulator::world() const noexcept {
    return impl_->world;
}

void WecomSimulator::set_callback_url(std::string_view app, std::string url) {
    const auto name = impl_->app(app).name;
    impl_->urls.with([&](auto& urls) { urls[name] = std::move(url); });
}

void WecomSimulator::write_async(std::string_view app_name, std::string_view user_id,
                                 const MemberMessage& message, CallbackHandler handler) {
    const auto app = impl_->app(app_name);
    impl_->sender.send(app, impl_->member(app, user_id).user_id, message, std::move(handler));
}

CallbackResult WecomSimulator::write(std::string_view app, std::string_view user_id,
                                     const MemberMessage& message) {
    return awaited(
        [&](CallbackHandler handler) { write_async(app, user_id, message, std::move(handler)); });
}

void WecomSimulator::press_async(std::string_view app_name, std::string_view user_id,
                                 std::string_view msgid, const std::string& label,
                                 CallbackHandler handler) {
    const auto app = impl_->app(app_name);
    const auto& user = impl_->member(app, user_id).user_id;
    auto press = impl_->api.press_card(app.name, user, msgid, label);
    if (!press) {
        throw std::invalid_argument("there is no card with a button \"" + label +
                                    "\" that can be pressed");
    }
    impl_->sender.send(app, user, card_message(std::move(*press), label), std::move(handler));
}

CallbackResult WecomSimulator::press(std::string_view app, std::string_view user_id,
                                     std::string_view msgid, const std::string& label) {
    return awaited([&](CallbackHandler handler) {
        press_async(app, user_id, msgid, label, std::move(handler));
    });
}

UrlVerification WecomSimulator::verify_url(std::string_view app) {
    return impl_->sender.verify_url(impl_->app(app));
}

CallbackSender::Prepared WecomSimulator::prepare_callback(std::string_view app,
                                                          std::string plain) const {
    return impl_->sender.prepare(impl_->app(app), std::move(plain));
}

std::string WecomSimulator::keep_media(std::string type, std::string content_type,
                                       std::string bytes, std::string file_name) {
    return impl_->api.keep_media({.type = std::move(type),
                                  .file_name = std::move(file_name),
                                  .content_type = std::move(content_type),
                                  .bytes = std::move(bytes)});
}

std::optional<Media> WecomSimulator::media(std::string_view media_id) const {
    return impl_->api.media(media_id);
}

std::map<std::string, boost::json::object> WecomSimulator::menus() const {
    return impl_->api.menus();
}

std::optional<Delivered> WecomSimulator::wait_for_delivery(const DeliveryFilter& filter,
                                                           std::chrono::milliseconds timeout) {
    return impl_->book.take_delivery(filter, in(timeout));
}

std::vector<Delivered> WecomSimulator::deliveries(const DeliveryFilter& filter) const {
    return impl_->book.deliveries(filter);
}

std::vector<Delivered> WecomSimulator::wait_for_deliveries(
    const DeliveryFilter& filter, std::size_t count, std::chrono::milliseconds timeout) const {
    impl_->book.wait_deliveries(filter, count, in(timeout));
    return deliveries(filter);
}

std::vector<SendCall> WecomSimulator::send_calls(const SendFilter& filter) const {
    return impl_->book.sends(filter);
}

std::vector<SendCall> WecomSimulator::wait_for_send_calls(const SendFilter& filter,
                                                          std::size_t count,
                                                          std::chrono::milliseconds timeout) const {
    impl_->book.wait([&] { return send_calls(filter).size() >= count; }, in(timeout));
    return send_calls(filter);
}

std::size_t WecomSimulator::calls(Call call, std::string_view app) const {
    return impl_->book.calls(call, std::string(app));
}

bool WecomSimulator::wait_until(const std::function<bool()>& reached,
                                std::chrono::milliseconds timeout) const {
    return impl_->book.wait(reached, in(timeout));
}

std::vector<WireStep> WecomSimulator::steps(std::uint64_t after) const {
    return impl_->book.steps(after);
}

void WecomSimulator::observe(Observer observer) {
    impl_->observers.with([&](auto& list) { list.push_back(std::move(observer)); });
}

std::vector<ChatEntry> WecomSimulator::entries() const {
    return impl_->book.entries();
}

std::vector<WireStep> WecomSimulator::steps_of(std::uint64_t entry) const {
    return impl_->book.steps_of(entry);
}

std::optional<WireStep> WecomSimulator::step(std::uint64_t sequence) const {
    return impl_->book.step(sequence);
}

std::uint64_t WecomSimulator::entry_of_msgid(std::string_view msgid) const {
    return impl_->book.entry_of_msgid(msgid);
}

void WecomSimulator::note(WireStep step) {
    impl_->book.note(std::move(step));
}

Snapshot WecomSimulator::snapshot() const {
    auto world = impl_->world;
    for (auto& app : world.apps) {
        app = impl_->app(app.name);
        app.corp_secret = base::Secret();
        app.callback_token = base::Secret();
        app.encoding_aes_key = base::Secret();
    }
    return {.world = std::move(world),
            .api_is_up = impl_->is_up,
            .entries = impl_->book.latest_entries(snapshot_entries_max),
            .faults = faults(),
            .steps = impl_->book.latest_steps(snapshot_steps_max),
            .menus = menus()};
}

FaultId WecomSimulator::add_fault(Fault fault) {
    const auto id = impl_->api.add_fault(std::move(fault));
    impl_->tell_of_faults();
    return id;
}

void WecomSimulator::remove_fault(FaultId id) {
    impl_->api.remove_fault(id);
    impl_->tell_of_faults();
}

void WecomSimulator::clear_faults() {
    impl_->api.clear_faults();
    impl_->tell_of_faults();
}

std::vector<ActiveFault> WecomSimulator::faults() const {
    return impl_->api.faults();
}

void WecomSimulator::revoke_access_token(std::string_view app, int errcode) {
    impl_->api.revoke_access_token(std::string(app), errcode);
}

void WecomSimulator::set_access_token_lifetime(std::chrono::seconds lifetime) {
    impl_->api.set_access_token_lifetime(lifetime);
}

bool WecomSimulator::api_is_up() const noexcept {
    return impl_->is_up;
}

void WecomSimulator::begin_outage() {
    impl_->relay.go_down();
    impl_->is_up = false;
    impl_->book.add_step({.kind = StepKind::outage_began, .summary = "the API is down"});
    impl_->tell_of_faults();
}

void WecomSimulator::end_outage() {
    impl_->relay.come_up();
    impl_->is_up = true;
    impl_->book.add_step({.kind = StepKind::outage_ended, .summary = "the API is up again"});
    impl_->tell_of_faults();
}

}  // namespace hermes::host::simulator
