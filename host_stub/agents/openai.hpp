// The agent of kind `openai`: one POST to an OpenAI-compatible endpoint a turn.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "agents/agent.hpp"

namespace hermes::host {

struct OpenaiOptions {
    // Before the second attempt; doubles with each further one.
    std::chrono::milliseconds first_retry{1'000};
    std::string ca_file{};  // to trust beside the system's store
};

// In all, when the endpoint can't be reached, has too much to do or has trouble of its own.
inline constexpr int openai_attempts_max = 4;

std::unique_ptr<Agent> make_openai_agent(const AgentConfig& config, OpenaiOptions options = {});

}  // namespace hermes::host
