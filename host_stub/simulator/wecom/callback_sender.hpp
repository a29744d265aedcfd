// Sends what members do to the gateway, as WeCom does. WeCom doc 90238, 90930.
//
// WeCom drops the connection if there is no answer within five seconds and tries again, three
// times in all; a 200 ends that, whatever its body. The MsgId stays the same, which is what
// receivers are told to recognise repeats by. The documents do not say whether timestamp, nonce
// and ciphertext do; here each try has its own, the harder case for a receiver.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/http_client.hpp"
#include "simulator/wecom/member_message.hpp"
#include "simulator/wecom/record_book.hpp"
#include "simulator/wecom/scheduler.hpp"
#include "simulator/wecom/wecom_api.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

struct CallbackTry {
    unsigned status = 0;  // 0: no answer
    std::chrono::milliseconds elapsed{0};
    std::string body;
    std::string problem;  // why there was no answer
};

struct CallbackResult {
    bool acknowledged = false;  // 200 in time
    std::vector<CallbackTry> tries{};
    std::uint64_t entry = 0;   // of the chat
    std::uint64_t msg_id = 0;  // in the XML; 0 for an event

    // Of the last try.
    unsigned status() const noexcept { return tries.empty() ? 0 : tries.back().status; }
    std::chrono::milliseconds acknowledged_after() const noexcept {
        return tries.empty() ? std::chrono::milliseconds(0) : tries.back().elapsed;
    }
};

struct UrlVerification {
    bool verified = false;  // 200 and exactly the text that was encrypted
    unsigned status = 0;
    std::string problem{};  // a sentence if it was not
};

class CallbackSender {
public:
    // Where a request goes.
    struct Door {
        std::string url{};
        int gateway = 0;  // WireStep::gateway
    };
    struct Options {
        base::Clock clock = base::system_clock();
        std::chrono::milliseconds timeout{5'000};
        int tries_max = 3;
        std::chrono::milliseconds retry_pause{0};
        std::string ca_file{};  // trusted for https callback URLs beside the system's
        // A load balancer: which of several gateways gets what is for the callback URL. Empty: it
        // is the gateway's.
        std::function<Door(const std::string& url)> front{};
    };
    using Handler = std::function<void(const CallbackResult& result)>;

    // The others outlive it.
    CallbackSender(Scheduler& scheduler, RecordBook& book, WecomApi& api, Options options);
    ~CallbackSender();  // as stop()

    // `handler` is called exactly once, on a thread of the simulator's, and must not block.  [any]
    void send(const App& app, const std::string& user_id, const MemberMessage& message,
              Handler handler);

    // The very bytes of a callback that was sent once more, signature and all, in one try. Their
    // time is that of the first. The chat shows nothing of it, but for a message that nobody had
    // acknowledged before. `handler` as above.  [any]
    void replay(const App& app, const WireStep& sent, Handler handler);

    // What "Save" in the admin console does. Waits.  [any]
    UrlVerification verify_url(const App& app);

    // A callback as it is made for a message, to send by other means.
    struct Prepared {
        std::string url;
        std::string body;
        std::string plain;
    };
    Prepared prepare(const App& app, std::string plain) const;

    // Ends what is under way without further tries.
    void stop() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::host::simulator
