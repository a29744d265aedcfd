// What goes wrong on purpose. Pure: which call meets which fault, how many times.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace hermes::host::simulator {

enum class Call {
    get_token,
    send_message,
    upload_media,
    get_media,
    get_agent,
    update_card,
    get_user,
    create_menu,
    get_menu,
    delete_menu,
    recall_message,
    other,     // a path that WeCom does not have
    callback,  // ours to the gateway
};
std::string_view to_string(Call call) noexcept;

enum class FaultKind {
    // Of API calls.
    api_error,     // answers `errcode` and `text`; nothing else happens
    http_error,    // answers `http_status` with `text` as an HTML body; nothing else happens
    drop_unread,   // resets a connection on which a request arrives, before it is read
    drop_request,  // reads the request, does nothing, closes the connection
    drop_answer,   // does what was asked, closes the connection without an answer
    half_answer,   // does what was asked, sends half of the answer, closes the connection
    hang,          // does what was asked, never answers, keeps the connection open
    wrong_length,  // does what was asked, promises more bytes than the answer has, and waits
    endless,       // does what was asked, and answers without an end
    // Of both.
    delay,  // waits for `delay`, then goes on as usual
    // Of callbacks.
    unreachable,  // the gateway can't be connected to
    lost_answer,  // the gateway's answer gets lost on its way
};
std::string_view to_string(FaultKind kind) noexcept;

struct Fault {
    FaultKind kind = FaultKind::api_error;

    // Which calls: all that match what is set. drop_unread can know none of them.
    std::optional<Call> call{};
    std::string app{};      // an app's name
    std::string user_id{};  // of send_message and callback

    std::optional<int> times{};  // how many calls meet it; until removed if absent

    int errcode = 0;
    unsigned http_status = 0;
    std::string text{};
    std::chrono::milliseconds delay{0};

    std::string name{};  // by which people know it (named_faults.hpp); empty: made by hand
};

// The faults that people know by name.
Fault api_error(Call call, int errcode, std::optional<int> times = std::nullopt);
Fault http_error(Call call, unsigned status, std::optional<int> times = std::nullopt);
Fault connection_fault(FaultKind kind, std::optional<Call> call = std::nullopt,
                       std::optional<int> times = std::nullopt);
Fault delayed(Call call, std::chrono::milliseconds delay, std::optional<int> times = std::nullopt);
Fault untrusted_ip();  // 60020 on every call but gettoken, as WeCom does it

using FaultId = std::uint64_t;

struct ActiveFault {
    FaultId id = 0;
    Fault fault;
    int met = 0;             // calls so far
    base::WallTime since{};  // when it was added
};

class FaultBoard {
public:
    // `changed` is called whenever what active() shows has.
    explicit FaultBoard(std::function<void()> changed) : changed_(std::move(changed)) {}

    FaultId add(Fault fault);
    void remove(FaultId id);
    void clear();
    const std::vector<ActiveFault>& active() const noexcept { return active_; }

    struct Circumstance {
        Call call = Call::other;
        std::string_view app{};
        std::vector<std::string> user_ids{};
    };
    // The first fault that this call meets, and a delay if it meets one of those too; counted.
    struct Met {
        std::optional<Fault> fault{};
        std::chrono::milliseconds delay{0};
    };
    Met meet(const Circumstance& circumstance);

    // Whether a request that nobody has read yet meets a drop_unread; counted.
    bool meet_unread();

private:
    // The first that matches, counted, and removed once it is used up.
    template <typename Predicate>
    std::optional<Fault> take(Predicate matches);

    void tell() const;

    std::function<void()> changed_;
    std::vector<ActiveFault> active_;
    FaultId last_id_ = 0;
};

}  // namespace hermes::host::simulator
