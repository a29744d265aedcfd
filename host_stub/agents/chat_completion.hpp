// What is said to an OpenAI-compatible endpoint, and what its replies mean. Pure.
//
// Where it matters this follows the API server of Hermes: it keeps the history of a session whose
// name it is told in X-Hermes-Session-Id, refuses that header to those who give no key, and tells
// of a failed run in an answer whose finish_reason is `error`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "agents/agent.hpp"
#include "agents/pictures.hpp"
#include "config/host_config.hpp"
#include "http/http_client.hpp"

namespace hermes::host {

inline constexpr std::size_t completion_bytes_max = 4UL * 1024 * 1024;

// Whether the endpoint is told the name of the session.
enum class SessionHeader { sent, left_out };

// Only with a key is there a header to send.
SessionHeader usual_session_header(const AgentConfig& config);

// With the key, if there is one.
void authorize(http::HttpClientRequest& request, const AgentConfig& config);

// All but the timeout. The messages: the system prompt, what was said before, the member's text and
// pictures.
http::HttpClientRequest completion_request(const AgentConfig& config, const AgentRequest& request,
                                           SessionHeader session, const Pictures& pictures = {});

struct Completion {
    enum class Next {
        done,             // `reply` is what came of the turn
        try_again,        // later; `reply` is for when it has been tried often enough
        without_session,  // at once: the endpoint does not want this session's name
    };

    Next next = Next::done;
    AgentReply reply{};  // answered or failed
};

// What the endpoint's reply to a request means.
Completion read_completion(const AgentConfig& config, const http::HttpClientReply& reply,
                           SessionHeader session);

// For how many seconds the endpoint asks to be left alone, if it does.
std::optional<std::chrono::seconds> retry_after(const http::HttpClientReply& reply);

}  // namespace hermes::host
