#include "simulator/wecom/named_faults.hpp"

#include <algorithm>
#include <vector>

#include "simulator/wecom/api_reply.hpp"

namespace hermes::host::simulator {

namespace {

using namespace std::chrono_literals;

std::vector<NamedFault> make_faults() {
    return {
        {"unreachable", "callbacks can't reach the gateway",
         connection_fault(FaultKind::unreachable, Call::callback)},
        {"slow", "callbacks take 3 s to reach the gateway", delayed(Call::callback, 3s)},
        {"lost-answer", "the gateway's answer gets lost, so that WeCom sends the callback again",
         connection_fault(FaultKind::lost_answer, Call::callback, 1)},
        {"busy", "message/send answers -1, twice", api_error(Call::send_message, errcode::busy, 2)},
        {"rate-limit", "message/send answers 45009",
         api_error(Call::send_message, errcode::over_frequency)},
        {"untrusted-ip", "message/send answers 60020: this address is not trusted", untrusted_ip()},
        {"invisible", "message/send answers 81013: the member can't see the app",
         api_error(Call::send_message, errcode::no_valid_recipient)},
        {"bad-gateway", "message/send answers 502 with a web page, twice",
         http_error(Call::send_message, 502, 2)},
        {"slow-api", "message/send answers after 3 s", delayed(Call::send_message, 3s)},
        {"drop", "a request is read, then the connection closes; nothing is delivered",
         connection_fault(FaultKind::drop_request, Call::send_message, 1)},
        {"drop-answer", "a message is delivered, then the connection closes without an answer",
         connection_fault(FaultKind::drop_answer, Call::send_message, 1)},
        {"half-answer", "a message is delivered, half of the answer is sent",
         connection_fault(FaultKind::half_answer, Call::send_message, 1)},
        {"hang", "a message is delivered, no answer ever comes",
         connection_fault(FaultKind::hang, Call::send_message, 1)},
        {"slow-file", "media/get answers after 3 s", delayed(Call::get_media, 3s)},
        {"cut-file", "media/get sends half of a file, once",
         connection_fault(FaultKind::half_answer, Call::get_media, 1)},
        {"wrong-length-file", "media/get promises more bytes than a file has, once",
         connection_fault(FaultKind::wrong_length, Call::get_media, 1)},
        {"endless-file", "media/get sends a file that has no end",
         connection_fault(FaultKind::endless, Call::get_media)},
        {"lost-file", "media/get answers 40007 in the place of a file",
         api_error(Call::get_media, errcode::invalid_media_id)},
        {"no-token", "gettoken answers 40001: wrong secret",
         api_error(Call::get_token, errcode::invalid_secret)},
    };
}

}  // namespace

std::span<const NamedFault> named_faults() {
    static const auto faults = [] {
        auto made = make_faults();
        for (auto& fault : made) {
            fault.fault.name = fault.name;
        }
        return made;
    }();
    return faults;
}

const NamedFault* find_named_fault(std::string_view name) {
    const auto faults = named_faults();
    const auto found = std::find_if(faults.begin(), faults.end(),
                                    [&](const NamedFault& fault) { return fault.name == name; });
    return found == faults.end() ? nullptr : &*found;
}

}  // namespace hermes::host::simulator
