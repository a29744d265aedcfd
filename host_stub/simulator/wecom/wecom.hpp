// WeCom on loopback: its server API, its callbacks, its limits, and its bad days.
//
//   WecomSimulator wecom(demo_world());
//   wecom.start();                                     // api_base() goes into the gateway's config
//   wecom.verify_url("hr");                            // what "Save" in the admin console does
//   wecom.write("hr", "zhangsan", text_message("hi")); // encrypted callback, up to three tries
//   const auto reply = wecom.wait_for_delivery({.app = "hr", .user_id = "zhangsan"}, 10s);
//
// Used by `hermes-host-stub simulate` and, inside the test's process, by end-to-end tests.
// What it imitates is written beside each part: wecom_api.hpp (gettoken, message/send, media),
// message_rules.hpp (limits), callback_sender.hpp (tries), faults.hpp (bad days).
//
// Threads: every call may come from any thread unless it says otherwise. Handlers and observers
// run on threads of the simulator's and must not block.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "simulator/wecom/callback_sender.hpp"
#include "simulator/wecom/faults.hpp"
#include "simulator/wecom/media_shelf.hpp"
#include "simulator/wecom/member_message.hpp"
#include "simulator/wecom/past.hpp"
#include "simulator/wecom/record.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

struct SimulatorOptions {
    std::uint16_t port = 0;  // 0: any free one

    // For token expiry, limits and the timestamps of callbacks. Waits are in real time.
    base::Clock clock = base::system_clock();
    std::chrono::seconds access_token_lifetime{7200};  // WeCom doc 91039
    MessageLimits limits{};

    std::chrono::milliseconds callback_timeout{5'000};
    int callback_tries_max = 3;
    std::chrono::milliseconds callback_retry_pause{0};
    std::string ca_file{};  // trusted for https callback URLs beside the system's
    // CallbackSender::Options::front; may be empty.  [any]
    std::function<CallbackSender::Door(const std::string& url)> front{};
    // Called before anything that was seen on the wire is recorded: notes what the gateway has said
    // about itself by then. May be empty; may wait a moment.  [any]
    std::function<void()> hear_gateway{};
};

// What there is to show at one moment, the newest of each; page_json.hpp writes it. Holds no
// secret.
struct Snapshot {
    World world;
    bool api_is_up = true;
    std::vector<ChatEntry> entries;
    std::vector<ActiveFault> faults;
    std::vector<WireStep> steps;
    std::vector<WireStep> open_steps;  // before those, of messages that are not done
    std::map<std::string, boost::json::object> menus;  // by app
};

class WecomSimulator {
public:
    // Throws std::invalid_argument for a world that can't work.
    explicit WecomSimulator(World world, SimulatorOptions options = {});
    ~WecomSimulator();  // as stop()
    WecomSimulator(const WecomSimulator&) = delete;
    WecomSimulator& operator=(const WecomSimulator&) = delete;

    // Goes on from what an earlier one has seen, of apps and members that are still there. Tokens,
    // limits, faults and menus begin anew. Before start.
    void go_on_from(const Past& past);
    // Serves. Throws std::runtime_error with a sentence that names the address. Not twice.
    void start();
    // Ends callbacks without further tries, completes every handler, joins the threads. May be
    // called twice.
    void stop() noexcept;

    std::uint16_t port() const noexcept;
    std::string api_base() const;  // http://127.0.0.1:port
    const World& world() const noexcept;

    // A gateway on a free port tells its address only once it listens. Of later callbacks.
    void set_callback_url(std::string_view app, std::string url);

    // ---- What members do. Throws std::invalid_argument for an app or member that isn't there.

    using CallbackHandler = CallbackSender::Handler;
    void write_async(std::string_view app, std::string_view user_id, const MemberMessage& message,
                     CallbackHandler handler);
    CallbackResult write(std::string_view app, std::string_view user_id,
                         const MemberMessage& message);
    // On the card that message/send gave that msgid for, the member presses the button of that
    // label, or selects the option of it and submits. Throws too if it can't be pressed (any more).
    void press_async(std::string_view app, std::string_view user_id, std::string_view msgid,
                     const std::string& label, CallbackHandler handler);
    CallbackResult press(std::string_view app, std::string_view user_id, std::string_view msgid,
                         const std::string& label);
    // What a member wrote, by its chat entry, as a new message. Throws too if there is no such
    // entry, and for what can't be done twice: a card's button, a file that is gone.
    void write_again_async(std::uint64_t entry, CallbackHandler handler);
    // The very callback of a step once more, signature and all (CallbackSender::replay).
    void replay_async(std::uint64_t step, CallbackHandler handler);
    UrlVerification verify_url(std::string_view app);

    // A callback that is made but not sent, for tests that send it in their own way. `plain` is
    // the XML to encrypt.
    CallbackSender::Prepared prepare_callback(std::string_view app, std::string plain) const;

    // A file as WeCom keeps it when a member sends one; its media id, for media/get.
    std::string keep_media(std::string type, std::string content_type, std::string bytes,
                           std::string file_name = "file");
    std::optional<Media> media(std::string_view media_id) const;

    // The menus that apps have, by the name of the app: {"button": [...]}.
    std::map<std::string, boost::json::object> menus() const;

    // ---- What came of it. The waits return as soon as it is there.

    // The first matching delivery that no earlier call returned: called repeatedly it returns one
    // after the other, in order.
    std::optional<Delivered> wait_for_delivery(const DeliveryFilter& filter,
                                               std::chrono::milliseconds timeout);
    // All matching ones, also those that wait_for_delivery returned.
    std::vector<Delivered> deliveries(const DeliveryFilter& filter = {}) const;
    // The same, once there are `count`, or what there is after `timeout`.
    std::vector<Delivered> wait_for_deliveries(const DeliveryFilter& filter, std::size_t count,
                                               std::chrono::milliseconds timeout) const;
    std::vector<SendCall> send_calls(const SendFilter& filter = {}) const;
    std::vector<SendCall> wait_for_send_calls(const SendFilter& filter, std::size_t count,
                                              std::chrono::milliseconds timeout) const;
    std::size_t calls(Call call, std::string_view app = {}) const;  // empty: of every app
    std::size_t gettoken_calls(std::string_view app = {}) const {
        return calls(Call::get_token, app);
    }
    // Whether `reached` came true within `timeout`; it is asked whenever something has happened,
    // and may ask the simulator.
    bool wait_until(const std::function<bool()>& reached, std::chrono::milliseconds timeout) const;

    // The steps after a sequence number.
    std::vector<WireStep> steps(std::uint64_t after = 0) const;
    std::vector<WireStep> steps_of(std::uint64_t entry) const;
    std::optional<WireStep> step(std::uint64_t sequence) const;
    std::vector<ChatEntry> entries() const;
    std::uint64_t entry_of_msgid(std::string_view msgid) const;  // a member's; 0: none
    // RecordBook's.
    std::uint64_t event_under_way(std::string_view app, std::string_view user_id,
                                  std::uint64_t after) const;

    // Hears what happens, in order; what is left empty is not told. One observer's calls don't
    // overlap. Observers can't be removed: they live as long as the simulator runs.
    struct Observer {
        std::function<void(const WireStep& step)> on_step{};
        std::function<void(const ChatEntry& entry)> on_entry{};  // new or changed
        std::function<void()> on_faults{};  // faults() or whether the API is up has changed
        std::function<void()> on_menus{};   // menus() has changed
        std::function<void(const std::string& media_id, const Media& media)> on_media{};  // is kept
    };
    void observe(Observer observer);
    // A step that the simulator can't see by itself: what the gateway says about itself.
    void note(WireStep step);

    Snapshot snapshot() const;

    // ---- Bad days

    FaultId add_fault(Fault fault);
    void remove_fault(FaultId id);
    void clear_faults();
    std::vector<ActiveFault> faults() const;

    // From now on the app's access token answers `errcode`: 40014 (revoked) or 42001 (expired).
    void revoke_access_token(std::string_view app, int errcode = 40014);
    void set_access_token_lifetime(std::chrono::seconds lifetime);  // of later ones

    // Refuses connections, and listens again on the same port. Done when they return.
    void begin_outage();
    void end_outage();
    bool api_is_up() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::host::simulator
