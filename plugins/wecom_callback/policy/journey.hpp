// How the debug log names a message on its way from the callback to the reply. Pure.
//
//   MsgId 7301 from zhangsan to assistant: stored after 2.1 ms
//   event 17, MsgId 7301 from zhangsan to assistant: goes to the agent, attempt 1
//   event 17: the final reply is stored as message 9
//
// The simulator's page puts these lines into the timeline of the message that they name: a change
// of the words is to be made in host_stub/simulator/gateway_log.cpp as well.
#pragma once

#include <string>
#include <string_view>

namespace hermes::wecom {

// `msg_id` is empty for what WeCom calls an event.
inline std::string describe_origin(std::string_view msg_id, std::string_view user_id,
                                   std::string_view app) {
    std::string text = msg_id.empty() ? "an event" : "MsgId ";
    text.append(msg_id).append(" from ").append(user_id).append(" to ").append(app);
    return text;
}

}  // namespace hermes::wecom
