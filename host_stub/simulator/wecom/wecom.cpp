#include "simulator/wecom/wecom.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "simulator/wecom/wecom_impl.hpp"

namespace hermes::host::simulator {

namespace {

constexpr std::size_t body_bytes_max = 32UL * 1024 * 1024;  // the largest media and its envelope
// More than a person looks back, less than a browser minds.
constexpr std::size_t snapshot_entries = 5'000;
constexpr std::size_t snapshot_entries_of_chat = 200;
constexpr std::size_t snapshot_steps_max = 2'000;

RecordBook::Deadline in(std::chrono::milliseconds timeout) {
    return std::chrono::steady_clock::now() + timeout;
}

template <typename Send>
CallbackResult awaited(Send send) {
    // Shared: the handler's thread may still be inside set_value when this one has the value.
    const auto promise = std::make_shared<std::promise<CallbackResult>>();
    send([promise](const CallbackResult& result) { promise->set_value(result); });
    return promise->get_future().get();
}

}  // namespace

http::HttpServerOptions wecom_server_options() {
    http::HttpServerOptions options;
    options.body_bytes_max = body_bytes_max;
    return options;
}

WecomSimulator::WecomSimulator(World world, SimulatorOptions options) {
    check_world(world);
    impl_ = std::make_unique<Impl>(std::move(world), std::move(options));
}

WecomSimulator::~WecomSimulator() {
    stop();
}

void WecomSimulator::go_on_from(const Past& past) {
    impl_->book.go_on_from(past, [&](std::string_view app, std::string_view user_id) {
        const auto* const found = impl_->world.find_app(app);
        return found != nullptr &&
               (user_id.empty() || impl_->world.find_member(found->corp_id, user_id) != nullptr);
    });
    impl_->api.go_on_from(past);
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

void WecomSimulator::write_again_async(std::uint64_t number, CallbackHandler handler) {
    const auto entry = impl_->book.entry(number);
    if (!entry || !entry->message) {
        throw std::invalid_argument("the message is not there any more");
    }
    const auto& message = *entry->message;
    if (!message.card.response_code.empty()) {
        throw std::invalid_argument("a card is answered once");
    }
    if (!message.media_id.empty() && !media(message.media_id)) {
        throw std::invalid_argument("the file is not there any more");
    }
    write_async(entry->app, entry->user_id, message, std::move(handler));
}

void WecomSimulator::replay_async(std::uint64_t number, CallbackHandler handler) {
    const auto sent = step(number);
    if (!sent || !is_callback(sent->kind)) {
        throw std::invalid_argument("the callback is not there any more");
    }
    impl_->sender.replay(impl_->app(sent->app), *sent, std::move(handler));
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

std::uint64_t WecomSimulator::event_under_way(std::string_view app, std::string_view user_id,
                                              std::uint64_t after) const {
    return impl_->book.event_under_way(app, user_id, after);
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
    auto steps = impl_->book.latest_steps(snapshot_steps_max);
    auto entries = impl_->book.latest_entries(snapshot_entries, snapshot_entries_of_chat);
    auto open_steps =
        steps.empty() ? std::vector<WireStep>() : impl_->book.open_steps(steps.front().sequence);
    std::erase_if(open_steps, [&](const WireStep& step) {  // not of what the page has
        return !std::ranges::binary_search(entries, step.entry, {}, &ChatEntry::number);
    });
    return {.world = std::move(world),
            .api_is_up = impl_->is_up,
            .entries = std::move(entries),
            .faults = faults(),
            .steps = std::move(steps),
            .open_steps = std::move(open_steps),
            .menus = menus()};
}

}  // namespace hermes::host::simulator
